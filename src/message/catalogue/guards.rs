//! What did not hold.

use crate::message::text::{Text, error};

pub(super) const TEXTS: &[Text] = &[
    error(
        "guard.expired",
        ["Срок действия сертификата[ № {serial}] истёк.", "Создайте новый запрос на сертификат."],
        ["The certificate[ No {serial}] has expired.", "Create a new certificate request."],
    ),
    error(
        "guard.not-terminated",
        [
            "Сертификат[ № {serial}] действует: удалить из списка можно лишь отозванный или истёкший.",
            "Отзовите сертификат или дождитесь конца срока его действия.",
        ],
        [
            "The certificate[ No {serial}] is in force: only revoked or expired ones leave the list.",
            "Revoke the certificate, or wait until it ends.",
        ],
    ),
    error(
        "guard.suspension-forbidden",
        [
            "Шаблон сертификата[ № {serial}] не допускает приостановления.",
            "Отзовите сертификат, если пользоваться ключом нельзя.",
        ],
        [
            "The profile of the certificate[ No {serial}] forbids suspension.",
            "Revoke the certificate if its key must not be used.",
        ],
    ),
    error(
        "guard.term-beyond-policy",
        [
            "Срок приостановления прошёл, длиннее допустимого или длиннее срока сертификата[ № {serial}].",
            "Укажите более близкую дату в будущем.",
        ],
        [
            "The suspension would end in the past, too late, or after the certificate[ No {serial}].",
            "Give an earlier date that lies ahead.",
        ],
    ),
    error(
        "guard.reason-not-allowed",
        [
            "Эту причину прекращения действия вправе указать лишь сотрудник удостоверяющего центра.",
            "Выберите другую причину или обратитесь к оператору.",
        ],
        [
            "Only the authority's staff may give this reason.",
            "Choose another reason, or ask an operator.",
        ],
    ),
    error(
        "guard.temporary-password-over",
        [
            "Срок действия временного пароля истёк.",
            "Попросите оператора выдать новый временный пароль.",
        ],
        ["The temporary password is over.", "Ask an operator for a new temporary password."],
    ),
    error(
        "guard.no-password",
        ["Вход в эту учётную запись — только по сертификату.", "Используйте сертификат для входа."],
        ["This account signs in by certificate only.", "Use the certificate to sign in."],
    ),
    error(
        "guard.renewed",
        [
            "Обновление сертификата[ № {serial}] уже начато.",
            "Продолжите начатый запрос или отмените его.",
        ],
        [
            "A successor of the certificate[ No {serial}] was begun already.",
            "Go on with that request, or cancel it.",
        ],
    ),
    error(
        "guard.term-lasts",
        ["Срок ещё не истёк.", "Дождитесь его конца."],
        ["The term is not over yet.", "Wait until it is."],
    ),
    error(
        "guard.oneself",
        ["Со своей учётной записью этого не делают.", "Попросите другого администратора."],
        ["Nobody does this to their own account.", "Ask another administrator."],
    ),
    error(
        "guard.last-administrator",
        [
            "Это последний администратор, который может войти.",
            "Сначала зарегистрируйте ещё одного администратора.",
        ],
        [
            "No other administrator would be left who may sign in.",
            "Register another administrator first.",
        ],
    ),
    error(
        "guard.blocked-by-administrator",
        [
            "Учётную запись заблокировал администратор.",
            "Разблокировать её может только администратор.",
        ],
        ["An administrator blocked the account.", "Ask an administrator to unblock it."],
    ),
    error(
        "guard.certificates-in-force",
        [
            "У владельца есть действующие или приостановленные сертификаты.",
            "Укажите, на каком основании прекратить их действие.",
        ],
        [
            "The owner has certificates in force or on hold.",
            "Say on which ground they are to be terminated.",
        ],
    ),
    error(
        "guard.requests-pending",
        ["У владельца есть незавершённые запросы.", "Сначала отмените их."],
        ["The owner has requests under way.", "Cancel them first."],
    ),
    error(
        "guard.register-duty",
        [
            "Сведения о сертификатах владельца должны храниться в реестре (63-ФЗ, статья 15).",
            "Дождитесь конца срока хранения.",
        ],
        [
            "The register must keep the owner's certificates (63-FZ, article 15).",
            "Wait until the term of keeping is over.",
        ],
    ),
    error(
        "guard.not-staff",
        [
            "Это учётная запись пользователя: его роль и пункт выдачи так не меняют.",
            "Выберите учётную запись сотрудника.",
        ],
        [
            "The account is a user's, who keeps role and office.",
            "Choose the account of a member of the staff.",
        ],
    ),
    error(
        "guard.staff",
        ["Это учётная запись сотрудника.", "Выберите учётную запись пользователя."],
        ["The account is one of the staff's.", "Choose a user's account."],
    ),
    error(
        "guard.certificate-not-usable",
        [
            "Для входа этот сертификат не годится[: № {serial}].",
            "Выберите действующий сертификат с ключом подписи.",
        ],
        [
            "The certificate[ No {serial}] is not fit to sign in.",
            "Choose one that is in force and signs.",
        ],
    ),
    error(
        "guard.last-sign-in-method",
        [
            "Другого способа войти в учётную запись не останется.",
            "Сначала задайте пароль или привяжите другой сертификат.",
        ],
        [
            "No other way to sign in would be left.",
            "Set a password or bind another certificate first.",
        ],
    ),
    error(
        "guard.possession-not-proven",
        [
            "Владение ключом электронной подписи не подтверждено.",
            "Подпишите запрос на вход этим ключом ещё раз.",
        ],
        ["Possession of the key is not proven.", "Sign the challenge by that key again."],
    ),
    error(
        "guard.request-not-over",
        ["Срок ожидания запроса ещё не истёк.", "Дождитесь его конца или отмените запрос."],
        ["The term of the request is not over.", "Wait until it is, or cancel the request."],
    ),
    error(
        "guard.own-request",
        ["Решение по запросу принимает не тот, кто его создал.", "Попросите другого сотрудника."],
        ["Whoever began the request may not decide on it.", "Ask another member of the staff."],
    ),
    error(
        "guard.acceptance-not-over",
        [
            "Срок ознакомления с сертификатом[ № {serial}] не истёк или не установлен.",
            "Дождитесь подтверждения владельца.",
        ],
        [
            "The term to accept the certificate[ No {serial}] is not over, or there is none.",
            "Wait for the owner.",
        ],
    ),
    error(
        "guard.hold-not-over",
        [
            "Срок приостановления сертификата[ № {serial}] не истёк или кончается иначе.",
            "Дождитесь конца срока или возобновите действие вручную.",
        ],
        [
            "The suspension of the certificate[ No {serial}] is not over, or ends in another way.",
            "Wait until it is, or resume by hand.",
        ],
    ),
    error(
        "guard.schedule-not-due",
        ["Назначенное время ещё не наступило.", "Дождитесь его или снимите с даты."],
        ["The time that was set has not come.", "Wait for it, or withdraw the schedule."],
    ),
    error(
        "guard.schedule-time",
        [
            "Время должно быть впереди и раньше конца срока действия сертификата[ № {serial}].",
            "Укажите другое время.",
        ],
        [
            "The time must lie ahead, and before the end of the certificate[ No {serial}].",
            "Give another time.",
        ],
    ),
    error(
        "guard.no-emergency-hold",
        [
            "Шаблон сертификата[ № {serial}] не допускает приостановления по кодовой фразе.",
            "Примите заявление о приостановлении на бумаге.",
        ],
        [
            "The profile of the certificate[ No {serial}] has no suspension by code phrase.",
            "Take an application on paper.",
        ],
    ),
    error(
        "guard.owner-may-not-resume",
        [
            "Шаблон не позволяет владельцу возобновить действие сертификата[ № {serial}].",
            "Обратитесь к оператору.",
        ],
        [
            "The profile does not let the owner resume the certificate[ No {serial}].",
            "Ask an operator.",
        ],
    ),
    error(
        "guard.late-revocation",
        [
            "Сертификат[ № {serial}] не истёк, либо шаблон не допускает отзыва после истечения срока.",
            "Отзовите действующий сертификат обычным образом.",
        ],
        [
            "The certificate[ No {serial}] has not expired, or the profile forbids late revocation.",
            "Revoke a certificate in force the ordinary way.",
        ],
    ),
    error(
        "guard.date-beyond-policy",
        [
            "Дата раньше, чем допускает шаблон, или в будущем.",
            "Укажите дату в допустимых пределах.",
        ],
        [
            "The date lies further back than the profile lets it, or ahead.",
            "Give a date within these bounds.",
        ],
    ),
    error(
        "guard.ground-incomplete",
        [
            "Для аннулирования нужен момент, когда уведомлён владелец сертификата[ № {serial}].",
            "Уведомите владельца и укажите, когда.",
        ],
        [
            "Annulment wants the moment when the owner of the certificate[ No {serial}] was notified.",
            "Notify the owner, and say when.",
        ],
    ),
    error(
        "guard.reason-final",
        [
            "Причину можно уточнить один раз и только на нарушение конфиденциальности ключа.",
            "Оставьте указанную причину.",
        ],
        ["The reason may be amended once, to a compromised key.", "Leave the reason as it is."],
    ),
    error(
        "guard.renewal-too-early",
        [
            "Обновлять сертификат[ № {serial}] ещё рано.",
            "Повторите ближе к концу срока его действия.",
        ],
        ["It is too early to renew the certificate[ No {serial}].", "Try again nearer to its end."],
    ),
    error(
        "guard.key-compromised",
        [
            "Конфиденциальность ключа сертификата[ № {serial}] нарушена.",
            "Создайте запрос с новым ключом при личной явке.",
        ],
        [
            "The key of the certificate[ No {serial}] was compromised.",
            "Request a certificate with a new key in person.",
        ],
    ),
    error(
        "guard.key-needed",
        [
            "Ключ нужен действующему сертификату[ № {serial}] или запросу.",
            "Сначала отзовите сертификат или отмените запрос.",
        ],
        [
            "A certificate in force[, No {serial},] or a request needs the key.",
            "Revoke the certificate or cancel the request first.",
        ],
    ),
    error(
        "guard.accepted",
        ["Ознакомление с сертификатом[ № {serial}] уже подтверждено.", "Обновите страницу."],
        ["The certificate[ No {serial}] was confirmed already.", "Reload the page."],
    ),
    error(
        "guard.archive-not-due",
        ["В архив рано, либо шаблон не предусматривает архива.", "Дождитесь конца срока хранения."],
        [
            "It has not ended long enough ago, or the profile archives nothing.",
            "Wait until it has.",
        ],
    ),
    error(
        "guard.erase-not-due",
        ["Документы ещё обязаны храниться.", "Дождитесь конца срока хранения."],
        ["The documents must be kept still.", "Wait until their term is over."],
    ),
    error(
        "guard.own-approval",
        ["Тот, кто просит об одобрении, сам не одобряет.", "Попросите другого сотрудника."],
        ["Whoever asked may not approve.", "Ask another member of the staff."],
    ),
    error(
        "guard.not-requester",
        [
            "Отозвать просьбу может только тот, кто просил.",
            "Обратитесь к нему или откажите в одобрении.",
        ],
        ["Only whoever asked may withdraw it.", "Ask them, or refuse the approval."],
    ),
    error(
        "guard.beneficiary",
        ["Никто не одобряет того, что касается его самого.", "Попросите другого сотрудника."],
        ["Nobody approves what is for themselves.", "Ask another member of the staff."],
    ),
    error(
        "guard.approved-before",
        ["Этот сотрудник уже одобрил.", "Попросите другого сотрудника."],
        ["This person approved already.", "Ask another member of the staff."],
    ),
    error(
        "guard.approval-over",
        ["Срок одобрения истёк.", "Запросите одобрение снова."],
        ["The term of the approval is over.", "Request approval anew."],
    ),
    error(
        "guard.approval-not-over",
        ["Срок одобрения ещё не истёк.", "Дождитесь его конца или отзовите просьбу."],
        ["The term of the approval is not over.", "Wait until it is, or withdraw it."],
    ),
    error(
        "guard.quorum",
        ["Одобрили ещё не все, кто нужен.", "Дождитесь остальных."],
        ["Not enough approved yet.", "Wait for the others."],
    ),
    error(
        "guard.termination-applied",
        [
            "Заявление на прекращение действия сертификата[ № {serial}] уже зарегистрировано.",
            "Прекратите действие сертификата или отклоните прежнее заявление.",
        ],
        [
            "An application to terminate the certificate[ No {serial}] is on record already.",
            "Terminate the certificate, or dismiss the earlier application.",
        ],
    ),
    error(
        "guard.no-termination-applied",
        [
            "Заявлений на прекращение действия сертификата[ № {serial}] нет.",
            "Обновите сведения о сертификате.",
        ],
        [
            "There is no application to terminate the certificate[ No {serial}].",
            "Look at the certificate anew.",
        ],
    ),
    error(
        "guard.termination-in-time",
        [
            "Срок внесения записи о прекращении действия сертификата[ № {serial}] не истёк.",
            "Прекратите действие сертификата до конца срока.",
        ],
        [
            "The term for terminating the certificate[ No {serial}] is not over.",
            "Terminate the certificate before it is.",
        ],
    ),
];
