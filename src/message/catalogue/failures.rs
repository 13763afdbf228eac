//! What failed, without anybody having forbidden it.

use crate::message::text::{Text, error};

pub(super) const TEXTS: &[Text] = &[
    error(
        "form",
        ["В форме есть ошибки.", "Исправьте названные поля и повторите."],
        ["The form has errors.", "Correct these fields, and try again."],
    ),
    error(
        "damaged",
        [
            "Журнал противоречит сам себе.",
            "Прекратите работу и вызовите администратора: нужна проверка журнала.",
        ],
        [
            "The record contradicts itself.",
            "Stop working and call an administrator: the record must be verified.",
        ],
    ),
    error(
        "conflict",
        ["Кто-то успел раньше.", "Обновите страницу и решите заново."],
        ["Somebody was faster.", "Reload the page, and decide anew."],
    ),
    error(
        "conflict.stream",
        [
            "Пока вы работали, данные изменил кто-то другой ({stream}).",
            "Обновите страницу, посмотрите на изменения и решите заново.",
        ],
        [
            "Somebody else changed the data in the meantime ({stream}).",
            "Reload the page, look at the changes, and decide anew.",
        ],
    ),
    error(
        "conflict.taken",
        ["Уже занято: {key}.", "Откройте существующую запись или укажите другое значение."],
        ["Taken already: {key}.", "Open what has it, or give another value."],
    ),
    error(
        "conflict.command",
        ["Номер команды уже принадлежит другой команде.", "Повторите действие с новым номером."],
        ["The command's id belongs to another command.", "Give the command an id of its own."],
    ),
    error(
        "conflict.name",
        ["Имя ключа или контейнера занято.", "Выберите другое имя."],
        ["The name of the key or container is in use.", "Choose another name."],
    ),
    // What somebody must look at.
    error(
        "request.warning",
        ["Замечание: {rule}.", "Допустите запрос с замечанием или отклоните его."],
        ["A warning: {rule}.", "Waive it, or reject the request."],
    ),
    error(
        "identification.remote",
        [
            "Личность заявителя установлена удалённо.",
            "Сверьте подтверждение и допустите запрос или отклоните его.",
        ],
        [
            "The applicant was identified remotely.",
            "Compare the evidence, and waive or reject the request.",
        ],
    ),
    error(
        "applicant.proxy",
        [
            "Документы принёс представитель заявителя.",
            "Сверьте доверенность и допустите запрос или отклоните его.",
        ],
        [
            "A proxy brought the papers.",
            "Compare the power of attorney, and waive or reject the request.",
        ],
    ),
    // Providers.
    error(
        "provider.denied",
        [
            "Пароль или ПИН-код неверен, либо нет права ({operation}).[ Осталось попыток: {tries}.]",
            "Проверьте раскладку и введите ещё раз.",
        ],
        [
            "The password or PIN is wrong, or there is no right to it ({operation}).[ Tries left: {tries}.]",
            "Check the keyboard layout, and enter it again.",
        ],
    ),
    error(
        "provider.locked",
        [
            "Доступ к ключевому носителю или хранилищу заблокирован ({operation}).",
            "Обратитесь к администратору, чтобы его разблокировать.",
        ],
        [
            "The key carrier or the storage is locked ({operation}).",
            "Ask an administrator to unlock it.",
        ],
    ),
    error(
        "provider.not-found",
        [
            "Ключевой носитель, контейнер или запись не найдены ({operation}).",
            "Проверьте, что носитель вставлен и выбран верно.",
        ],
        [
            "The key carrier, the container or the entry is not found ({operation}).",
            "Check that the carrier is in its place, and the right one is chosen.",
        ],
    ),
    error(
        "provider.invalid",
        ["Устройство или служба не приняли данные ({operation}).", "Исправьте данные и повторите."],
        ["The device or service did not take the data ({operation}).", "Correct it and try again."],
    ),
    error(
        "provider.unsupported",
        [
            "Устройство или служба этого не умеет ({operation}).",
            "Выберите другой ключевой носитель или другой вид ключа.",
        ],
        [
            "The device or service cannot do this ({operation}).",
            "Choose another key carrier, or another kind of key.",
        ],
    ),
    error(
        "provider.unavailable",
        [
            "Устройство или служба временно недоступны, исход неизвестен ({operation}).",
            "Подождите и посмотрите на состояние, прежде чем повторять.",
        ],
        [
            "The device or service is out of reach, and the outcome unknown ({operation}).",
            "Wait, and look at the state before you try again.",
        ],
    ),
    error(
        "provider.fault",
        [
            "Сбой устройства или службы ({operation}).",
            "Прекратите работу и вызовите администратора.",
        ],
        [
            "The device or service is broken ({operation}).",
            "Stop working and call an administrator.",
        ],
    ),
    // Requests for certificates.
    error(
        "upload.too-long",
        ["Файл слишком велик для запроса.", "Выберите файл запроса на сертификат."],
        ["The file is too long for a request.", "Choose the file of a certificate request."],
    ),
    error(
        "upload.encoding",
        [
            "Файл не похож на запрос: это не DER, не PEM и не Base64.",
            "Выберите файл запроса на сертификат.",
        ],
        [
            "The file is no request: neither DER nor PEM nor Base64.",
            "Choose the file of a certificate request.",
        ],
    ),
    error(
        "upload.no-request",
        ["Файл не содержит запроса на сертификат.", "Создайте запрос заново и загрузите его."],
        ["The file holds no certificate request.", "Make the request anew and upload that."],
    ),
    error(
        "request.possession",
        [
            "Владение ключом не подтверждено: подпись запроса сделана не им.",
            "Создайте запрос заново тем же средством, которым создан ключ.",
        ],
        [
            "Possession of the key is not proven: the request is not signed by it.",
            "Make the request anew with the tool that made the key.",
        ],
    ),
    error(
        "request.key",
        [
            "Ключ проверки в запросе неверен.",
            "Создайте новый ключ исправным средством электронной подписи.",
        ],
        ["The key in the request is not one.", "Make a new key with a sound tool."],
    ),
    error(
        "request.test-key",
        [
            "Набор параметров ключа — учебный ({parameters}).",
            "Создайте ключ с рабочим набором параметров.",
        ],
        [
            "The key's parameter set is for tests alone ({parameters}).",
            "Make a key with a set that is not.",
        ],
    ),
    error(
        "request.key-algorithm",
        [
            "Шаблон не допускает ключей с таким набором параметров ({parameters}).",
            "Создайте ключ с параметрами из шаблона.",
        ],
        [
            "The profile does not take keys of this parameter set ({parameters}).",
            "Make a key with parameters of the profile.",
        ],
    ),
    error(
        "request.no-parameter-set",
        ["В ключе не указан набор параметров.", "Создайте запрос другим средством."],
        ["The key names no parameter set.", "Make the request with another tool."],
    ),
    error(
        "request.subject-lacks",
        [
            "В запросе нет сведений, которые есть в регистрационных данных: {attribute}.",
            "Создайте запрос по регистрационным данным.",
        ],
        [
            "The request lacks what is registered: {attribute}.",
            "Make the request from the registration data.",
        ],
    ),
    error(
        "request.subject-exceeds",
        [
            "В запросе есть сведения, которых нет в регистрационных данных: {attribute}.",
            "Создайте запрос по регистрационным данным или исправьте их.",
        ],
        [
            "The request has what is not registered so: {attribute}.",
            "Make the request from the registration data, or correct these.",
        ],
    ),
    error(
        "rehearsed",
        [
            "Это была лишь проверка, ничего не изменилось.",
            "Если всё верно, выполните то же самое без проверки.",
        ],
        ["It was only rehearsed, nothing changed.", "If all is right, do the same in earnest."],
    ),
];
