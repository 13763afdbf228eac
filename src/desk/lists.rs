//! Lists of the desk as tables, for export (U12).

use super::carriers::CarrierLine;
use super::table::Table;
use crate::language::Language;
use crate::message::Message;
use crate::print::Zone;
use crate::registration::{Field, RegistrationForm};
use crate::registration_authority::UserRow;
use crate::view::CaseView;

/// Users.
pub fn users(rows: &[UserRow], zone: &Zone) -> Table {
    let fields = [Field::Kind, Field::Surname, Field::GivenName, Field::Patronymic, Field::Snils];
    let more = [Field::Inn, Field::Organization, Field::OrganizationInn];
    let mut table = Table::new([
        "Логин",
        "Состояние",
        "Пункт выдачи",
        "Зарегистрирован",
        Field::Kind.russian(),
        Field::Surname.russian(),
        Field::GivenName.russian(),
        Field::Patronymic.russian(),
        Field::Snils.russian(),
        Field::Inn.russian(),
        Field::Organization.russian(),
        Field::OrganizationInn.russian(),
    ]);
    for row in rows {
        let (account, form) = (&row.account, RegistrationForm::from(&row.record.data));
        let office = account.office.as_ref().map(ToString::to_string).unwrap_or_default();
        let own = [
            row.record.login.as_str().to_owned(),
            state(account.state),
            office,
            zone.show(account.created),
        ];
        let said = fields.iter().chain(&more).map(|field| form.shown(*field).unwrap_or_default());
        table.push(own.into_iter().chain(said));
    }
    table
}

/// Cases.
pub fn cases(rows: &[CaseView], zone: &Zone) -> Table {
    let mut table = Table::new([
        "Дело",
        "Пользователь",
        "Пункт выдачи",
        "Состояние",
        "Начато",
        "Действителен до",
    ]);
    for row in rows {
        table.push([
            row.case.to_string(),
            row.user.to_string(),
            row.office.as_ref().map(ToString::to_string).unwrap_or_default(),
            state(row.state),
            zone.show(row.created),
            row.not_after.map(|end| zone.show(end)).unwrap_or_default(),
        ]);
    }
    table
}

/// The journal of key carriers.
pub fn carriers(lines: &[CarrierLine], zone: &Zone) -> Table {
    let mut table = Table::new(CarrierLine::COLUMNS);
    for line in lines {
        table.push(line.cells(zone));
    }
    table
}

fn state(state: impl Into<Message>) -> String {
    state.into().says(Language::Russian)
}
