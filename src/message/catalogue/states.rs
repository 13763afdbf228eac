//! Roles, and the states of accounts, requests, certificates and all else that has a table.
//!
//! A state of one name says the same of whatever it is a state of, so texts have no grammatical gender.

use crate::message::text::{Text, name};

pub(super) const TEXTS: &[Text] = &[
    name("role.administrator", "Администратор", "Administrator"),
    name("role.operator", "Оператор", "Operator"),
    name("role.user", "Пользователь", "User"),
    name("role.auditor", "Аудитор", "Auditor"),
    name("role.system", "Система", "System"),
    // Accounts.
    name("state.password-change-required", "Требуется смена пароля", "Password change required"),
    name("state.active", "Действует", "In force"),
    // Requests.
    name("state.draft", "Черновик", "Draft"),
    name("state.key-gen", "Создаётся ключ электронной подписи", "The key is being made"),
    name("state.built", "Запрос создан", "The request is built"),
    name("state.submitted", "Запрос передан", "The request is submitted"),
    name("state.approved", "Одобрено", "Approved"),
    name("state.issuing", "Создаётся сертификат", "The certificate is being issued"),
    name("state.in-doubt", "Исход создания выясняется", "The outcome is being found out"),
    name("state.failed", "Не удалось", "Failed"),
    name("state.cancelled", "Отменено", "Cancelled"),
    // Certificates.
    name("state.suspended", "Действие приостановлено", "Suspended"),
    name("state.revoked", "Действие прекращено", "Terminated"),
    // Accounts, beyond the first sign-in.
    name("state.temporarily-locked", "Временно заблокировано", "Locked for a time"),
    name("state.blocked", "Заблокировано", "Blocked"),
    // Requests and certificates, beyond the ordinary way.
    name("state.policy-review", "Проверяются замечания", "The warnings are being reviewed"),
    name("state.pending-approval", "Ожидает одобрения", "Pending approval"),
    name("state.rejected", "Отклонено", "Rejected"),
    name("state.expired", "Срок истёк", "Expired"),
    name("state.awaiting-acceptance", "Ознакомление не подтверждено", "Awaiting acceptance"),
    name("state.archived", "В архиве", "Archived"),
    name("state.erased", "Данные уничтожены", "Erased"),
    // Approvals and notices.
    name("state.waiting", "Ожидает", "Waiting"),
    name("state.executed", "Исполнено", "Executed"),
    name("state.denied", "Не разрешено", "Denied"),
    name("state.withdrawn", "Отозвано", "Withdrawn"),
    name("state.sent", "Отправлено", "Sent"),
    name("state.dropped", "Не доставлено", "Dropped"),
    // CRLs and key carriers.
    name("state.scheduled", "Ожидает срока выпуска", "Scheduled"),
    name("state.leased", "Создаётся", "Being made"),
    name("state.stored", "Подписано, не опубликовано", "Signed, not published"),
    name("state.published", "Опубликовано", "Published"),
    name("state.delivered", "Доставлено", "Delivered"),
    name("state.in-stock", "На хранении", "In stock"),
    name("state.handed-out", "Выдано", "Handed out"),
    name("state.destroyed", "Уничтожено", "Destroyed"),
];
