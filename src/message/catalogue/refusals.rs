//! What is not allowed, or not possible now. Nothing changed.

use crate::message::text::{Text, error};

pub(super) const TEXTS: &[Text] = &[
    error(
        "state",
        [
            "«{act}»: невозможно[ для сертификата № {serial}] в состоянии «{state}».",
            "Обновите страницу: состояние могло измениться.",
        ],
        [
            "“{act}” is not possible[ for the certificate No {serial}] in the state “{state}”.",
            "Reload the page: the state may have changed.",
        ],
    ),
    error(
        "permission.role",
        [
            "«{act}»: это не разрешено роли «{role}».",
            "Обратитесь к сотруднику, которому это разрешено.",
        ],
        ["“{act}” is not permitted to the role “{role}”.", "Ask somebody to whom it is."],
    ),
    error(
        "permission.scope",
        [
            "Это относится к другому пункту выдачи или к другому пользователю.",
            "Обратитесь в тот пункт выдачи или к администратору.",
        ],
        [
            "It belongs to another office or to another user.",
            "Ask that office or an administrator.",
        ],
    ),
    error(
        "record.founded",
        ["Журнал уже заведён.", "Войдите с сертификатом администратора."],
        ["The record is founded already.", "Sign in with an administrator's certificate."],
    ),
    error(
        "record.not-founded",
        ["Журнал ещё не заведён.", "Заведите его, назвав первого администратора и его ключ."],
        ["The record is not founded yet.", "Found it: name its first administrator and their key."],
    ),
    error(
        "sign-in",
        [
            "Вход не выполнен.",
            "Проверьте логин, пароль и сертификат; если не помогло, обратитесь к оператору.",
        ],
        [
            "The sign-in is not accepted.",
            "Check the login, the password and the certificate; ask an operator if that does not help.",
        ],
    ),
    error(
        "challenge.unknown",
        ["Время на вход истекло.", "Начните вход заново."],
        ["The time to sign in is over.", "Begin to sign in anew."],
    ),
    error(
        "challenge.replayed",
        ["Этот ответ для входа уже использован.", "Начните вход заново."],
        ["This answer was used to sign in before.", "Begin to sign in anew."],
    ),
    error(
        "session.certificate",
        [
            "Сертификат, с которым выполнен вход, больше не действует.",
            "Войдите с действующим сертификатом.",
        ],
        [
            "The certificate that signed in is not in force any more.",
            "Sign in with one that is in force.",
        ],
    ),
    error(
        "session.password-change-required",
        ["Временный пароль ещё не сменён.", "Смените его, затем повторите."],
        ["The temporary password was not changed yet.", "Change it, then try again."],
    ),
    error(
        "password.policy",
        ["Пароль не отвечает требованиям.", "Придумайте другой пароль."],
        ["The password is against the policy.", "Choose another password."],
    ),
    error(
        "registration.duplicate",
        [
            "Такая регистрация уже есть: учётная запись {user}.",
            "Откройте её вместо создания новой.",
        ],
        ["The same registration exists: account {user}.", "Open it instead of making another."],
    ),
    error(
        "registration.person-name",
        [
            "СНИЛС зарегистрирован за человеком с другими именем и фамилией.",
            "Сверьте СНИЛС и имя с документами; при смене имени исправьте прежнюю регистрацию.",
        ],
        [
            "The SNILS is registered under another name.",
            "Compare SNILS and name with the papers; after a change of name edit the older registration.",
        ],
    ),
    error(
        "registration.person-known",
        [
            "У этого человека уже есть другая регистрация.",
            "Убедитесь, что это он, и подтвердите новую регистрацию.",
        ],
        [
            "This person has another registration.",
            "Make sure that it is them, and confirm the new one.",
        ],
    ),
    error(
        "registration.login-taken",
        ["Логин занят.", "Выберите другой логин."],
        ["The login is taken.", "Choose another login."],
    ),
    error(
        "request.key-used",
        [
            "Ключ уже есть в другом запросе или сертификате: {case}.",
            "Создайте запрос с новым ключом.",
        ],
        ["The key is in another request or certificate: {case}.", "Make a request with a new key."],
    ),
    error(
        "profile.subject-kind",
        ["Шаблон не предназначен для этого вида заявителя.", "Выберите другой шаблон сертификата."],
        ["The profile is not for this kind of applicant.", "Choose another profile."],
    ),
    error(
        "profile.presence",
        [
            "Шаблон требует личного присутствия заявителя, а документы принёс представитель.",
            "Пригласите заявителя или выберите другой шаблон.",
        ],
        [
            "The profile wants the applicant in person, and a proxy brought the papers.",
            "Invite the applicant, or choose another profile.",
        ],
    ),
    error(
        "profile.key-algorithm",
        ["Шаблон не допускает ключ этого вида.", "Создайте ключ с другими параметрами."],
        ["The profile does not take this kind of key.", "Make a key with other parameters."],
    ),
    error(
        "profile.malformed",
        [
            "Шаблон составлен неверно[: {fields}].",
            "Исправьте названные поля и примите шаблон снова.",
        ],
        ["The profile is not well formed[: {fields}].", "Correct these fields and adopt it again."],
    ),
    error(
        "request.not-accepted",
        ["Данные не приняты.", "Проверьте файл, даты и регистрационные данные и повторите."],
        ["The data is not accepted.", "Check the file, the dates and the registration data."],
    ),
    error(
        "request.registration-changed",
        [
            "Регистрационные данные изменились после создания запроса.",
            "Исправьте запрос, чтобы он следовал новым данным.",
        ],
        [
            "The registration data changed since the request was begun.",
            "Edit the request, so that it follows the new data.",
        ],
    ),
    error(
        "authority.refused",
        [
            "Удостоверяющий центр отказал в создании сертификата[ ({why})].",
            "Устраните причину и повторите запрос.",
        ],
        [
            "The authority refused to issue the certificate[ ({why})].",
            "Remove the cause, and request it again.",
        ],
    ),
    error(
        "gate",
        [
            "Сертификат не создан: он нарушил бы правила[ {rules}].",
            "Сообщите администратору: шаблон или данные не соответствуют требованиям.",
        ],
        [
            "The certificate was not issued: it would break the rules[ {rules}].",
            "Tell an administrator: the profile or the data are against the requirements.",
        ],
    ),
    error(
        "unknown",
        ["Не найдено: {kind} «{name}».", "Проверьте название или создайте то, чего нет."],
        ["There is no {kind} “{name}”.", "Check the name, or make what is missing."],
    ),
    error(
        "not-found",
        ["Не найдено: {thing}.", "Проверьте номер или найдите нужное в списке."],
        ["There is no such {thing}.", "Check the number, or look it up in the list."],
    ),
    error(
        "exists",
        ["Уже есть: {kind} «{name}».", "Выберите другое название."],
        ["The {kind} “{name}” exists.", "Choose another name."],
    ),
    error(
        "missing",
        ["Не хватает: {thing}.", "Укажите недостающее и повторите."],
        ["The command wants {thing} with it.", "Add what is missing, and try again."],
    ),
    error(
        "command.signature",
        [
            "Подпись команды не принята.",
            "Подпишите команду ключом того сертификата, с которым выполнен вход.",
        ],
        [
            "The signature of the command is not accepted.",
            "Sign it with the key of the certificate that signed in.",
        ],
    ),
    error(
        "session.over",
        ["Сеанс завершён.", "Войдите заново."],
        ["The session is over.", "Sign in again."],
    ),
    error(
        "owner.out-of-use",
        [
            "Учётная запись владельца: «{state}».",
            "Дождитесь, пока она снова заработает, или обратитесь к администратору.",
        ],
        [
            "The owner's account is “{state}”.",
            "Wait until it is in use again, or ask an administrator.",
        ],
    ),
    error(
        "certificate.bound",
        [
            "Сертификат[ № {serial}] уже привязан к учётной записи.",
            "Отвяжите его там или выберите другой.",
        ],
        [
            "The certificate[ No {serial}] is bound to an account already.",
            "Unbind it there, or choose another.",
        ],
    ),
    error(
        "key.blocked",
        ["Ключ числится среди тех, чья конфиденциальность нарушена.", "Создайте новый ключ."],
        ["The key is known to be compromised.", "Make a new key."],
    ),
    error(
        "code-phrase",
        ["Кодовая фраза не подходит.", "Переспросите её или примите заявление на бумаге."],
        ["The code phrase does not fit.", "Ask for it again, or take an application on paper."],
    ),
    error(
        "approval.needed",
        ["Сначала это должны одобрить другие[: {quorum}].", "Запросите одобрение и дождитесь его."],
        ["Others must approve it first[: {quorum}].", "Request approval, and wait for it."],
    ),
    error(
        "command.alone",
        ["Такую команду выполняют только отдельно.", "Выполните её без списка и без одобрения."],
        [
            "A command of this kind must be given alone.",
            "Give it neither in a list nor for approval.",
        ],
    ),
    error(
        "bulk.too-many",
        ["В списке слишком много строк[: допустимо {limit}].", "Разделите список на части."],
        ["The list is too long[: at most {limit}].", "Divide it."],
    ),
    error(
        "crl.blocked",
        [
            "Список отозванных сертификатов не выпущен: проверка нашла ошибку.",
            "Сообщите администратору; прежний список остаётся в силе.",
        ],
        [
            "The CRL was not issued: the check found it wrong.",
            "Tell an administrator; the one before stays.",
        ],
    ),
    error(
        "applicant.unconfirmed",
        [
            "Сведения поля «{field}» не подтверждены реестром.",
            "Проверьте сведения по реестрам, сверьте поле с документами и повторите.",
        ],
        [
            "No register confirms the field “{field}”.",
            "Ask the registers, compare the field with the papers, and try again.",
        ],
    ),
    error(
        "scan.not-accepted",
        ["Скан-копия не принята.", "Приложите исправный файл допустимого вида и размера."],
        ["The scan is not accepted.", "Attach a sound file of a kind and size that is taken."],
    ),
    error(
        "carrier.known",
        [
            "Ключевой носитель с этим номером уже на учёте[: {carrier}].",
            "Найдите его в журнале учёта.",
        ],
        ["The register has this carrier[: {carrier}].", "Look it up in the register."],
    ),
    error(
        "record.restored",
        [
            "Журнал восстановлен из более старой копии.",
            "Сверьте утраченное и подтвердите восстановление.",
        ],
        [
            "The record was restored from an older copy.",
            "Compare what was lost, and acknowledge the restore.",
        ],
    ),
    error(
        "recovery",
        ["Восстановление доступа не принято.", "Проверьте ключи восстановления и их число."],
        ["The recovery is not accepted.", "Check the recovery keys and their number."],
    ),
    error(
        "registration.desk-fields",
        [
            "Эти сведения исправляет оператор по документам.",
            "Измените только телефон и электронную почту или обратитесь к оператору.",
        ],
        [
            "Only an operator corrects these fields, by the papers.",
            "Change the telephone and the e-mail alone, or ask an operator.",
        ],
    ),
    error(
        "registration.desk-field",
        ["Поле «{field}» исправляет оператор.", "Обратитесь к оператору с документами."],
        ["An operator corrects the field “{field}”.", "Bring the papers to an operator."],
    ),
    error(
        "registration.login",
        ["Такое имя для входа не принимается.", "Исправьте имя для входа в черновике."],
        ["The login is not accepted.", "Correct it in the draft."],
    ),
];
