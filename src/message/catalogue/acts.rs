//! What can be done: the words on buttons and in menus, as in the manual (V18).

use crate::message::text::{Text, name};

pub(super) const TEXTS: &[Text] = &[
    // Accounts.
    name("act.register", "Создать нового пользователя", "Register a person"),
    name("act.change-password", "Сменить пароль", "Change the password"),
    name("act.issue-temporary-password", "Выдать временный пароль", "Issue a temporary password"),
    name("act.edit-data", "Редактировать", "Edit the registration data"),
    // Requests.
    name("act.create-request", "Создать запрос на сертификат", "Create a certificate request"),
    name("act.edit-request", "Исправить запрос", "Correct the request"),
    name("act.generate-key", "Создать ключ электронной подписи", "Make the key"),
    name("act.import-request", "Загрузить запрос из файла", "Take a request from a file"),
    name("act.submit", "Передать запрос", "Submit the request"),
    name("act.approve", "Одобрить", "Approve"),
    name("act.cancel", "Отменить запрос", "Cancel the request"),
    name("act.issue", "Создать сертификат", "Issue the certificate"),
    name("act.install", "Записать сертификат в контейнер", "Install the certificate"),
    // Certificates.
    name("act.suspend", "Приостановить", "Suspend"),
    name("act.resume", "Возобновить", "Resume"),
    name("act.revoke", "Отозвать", "Revoke"),
    name("act.renew", "Обновить", "Renew"),
    name("act.hide", "Удалить", "Delete from the list"),
    name("act.print", "Печать", "Print"),
    // The authority.
    name("act.administer", "Администрирование", "Administer"),
    name("act.notify", "Уведомить владельца", "Tell the owner"),
    name("act.issue-crl", "Создать список отозванных сертификатов", "Issue a CRL"),
    // Accounts, beyond the first sign-in.
    name(
        "act.expire-temporary-password",
        "Прекратить действие временного пароля",
        "Let the temporary password end",
    ),
    name("act.reset-password", "Сбросить пароль", "Reset the password"),
    name("act.lock", "Временно заблокировать вход", "Lock the sign-in"),
    name("act.unlock", "Снять временную блокировку", "End the lock"),
    name("act.block", "Заблокировать", "Block"),
    name("act.unblock", "Разблокировать", "Unblock"),
    name("act.change-role", "Изменить роль или пункт выдачи", "Change role or office"),
    name("act.bind-certificate", "Привязать сертификат", "Bind a certificate"),
    name("act.unbind-certificate", "Отвязать сертификат", "Unbind a certificate"),
    // Requests and certificates, beyond the ordinary way.
    name("act.set-code-phrase", "Задать кодовую фразу", "Set the code phrase"),
    name(
        "act.use-key",
        "Использовать ключ прежнего сертификата",
        "Use the earlier certificate's key",
    ),
    name("act.waive", "Допустить с замечаниями", "Waive the warnings"),
    name("act.reject", "Отклонить", "Reject"),
    name("act.expire", "Закрыть по сроку", "End what was left too long"),
    name("act.destroy-key", "Уничтожить ключ электронной подписи", "Destroy the key"),
    name("act.accept", "Подтвердить ознакомление", "Confirm the certificate"),
    name("act.refuse-acceptance", "Отказаться от сертификата", "Refuse the certificate"),
    name("act.suspend-by-phrase", "Приостановить по кодовой фразе", "Suspend by the code phrase"),
    name("act.change-suspension", "Изменить срок приостановления", "Change the suspension's term"),
    name("act.revoke-expired", "Отозвать после истечения срока", "Revoke an expired certificate"),
    name("act.amend-reason", "Уточнить причину прекращения действия", "Amend the reason"),
    name("act.schedule", "Назначить на дату", "Schedule"),
    name("act.withdraw-schedule", "Снять с даты", "Withdraw the schedule"),
    name("act.reissue", "Выдать внепланово", "Issue anew"),
    name("act.archive", "Передать в архив", "Archive"),
    name("act.unarchive", "Вернуть из архива", "Take out of the archive"),
    name("act.erase", "Уничтожить данные", "Erase"),
    name("act.block-key", "Запретить ключ", "Block the key"),
    // Approvals.
    name("act.request-approval", "Запросить одобрение", "Request approval"),
    name("act.reject-approval", "Отказать в одобрении", "Refuse approval"),
    name(
        "act.withdraw-approval",
        "Отозвать просьбу об одобрении",
        "Withdraw the request for approval",
    ),
    name("act.execute", "Исполнить одобренное", "Do what was approved"),
    name("act.bulk", "Обработать список", "Do many at once"),
    // The authority, papers and carriers.
    name("act.release-crl", "Разрешить выпуск списка отозванных сертификатов", "Let the CRL go on"),
    name("act.publish-crl", "Опубликовать список отозванных сертификатов", "Publish the CRL"),
    name("act.import", "Принять сертификаты другого удостоверяющего центра", "Import certificates"),
    name("act.check-applicant", "Проверить сведения по реестрам", "Check with registers"),
    name("act.attach-scan", "Приложить скан-копию", "Attach a scan"),
    name("act.receive-carrier", "Принять ключевой носитель на учёт", "Receive a key carrier"),
    name("act.hand-out-carrier", "Выдать ключевой носитель", "Hand out a key carrier"),
    name("act.take-carrier-back", "Принять ключевой носитель обратно", "Take a key carrier back"),
    name(
        "act.destroy-carrier",
        "Уничтожить или списать ключевой носитель",
        "Destroy a key carrier",
    ),
];
