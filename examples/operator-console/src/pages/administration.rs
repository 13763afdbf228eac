//! The administrator's page: staff, offices, profiles, the authority's keys.

use std::sync::Arc;

use axum::extract::State;
use gost_ca::lifecycle::{Act, Refusal};
use gost_ca::message::Message;
use gost_ca::view::Role;
use minijinja::context;

use super::rows::Names;
use crate::Console;
use crate::web::{Reply, Visitor, page};

pub(crate) async fn show(State(console): State<Arc<Console>>, visitor: Visitor) -> Reply {
    if visitor.role() != Role::Administrator {
        return Err(Refusal::Role { act: Act::Administer, role: visitor.role() }.into());
    }
    let (ra, session) = (&console.office.ra, visitor.session());
    let record = ra.overview(session).await?;
    let (mut names, mut staff) = (Names::default(), Vec::new());
    for (user, (role, office)) in record.roles() {
        let name = names.of(&console, &visitor, user).await;
        staff.push(context! {
            user => user.to_string(),
            name => &*name,
            role => Message::from(*role).says(visitor.language),
            office => office.as_ref().map(ToString::to_string),
        });
    }
    let profiles = record.profiles().map(|profile| {
        context! {
            id => profile.id.as_str(),
            title => &profile.title,
            version => profile.version,
            months => profile.months,
            sign_in => profile.sign_in,
        }
    });
    let offices = record.offices().iter();
    let offices = offices.map(|(id, title)| context! { id => id.as_str(), title });
    let authority = ra.authority_state(session, &console.office.authority).await?;
    let keys = authority.keys().iter().map(|key| {
        context! { number => key.number, key => key.key.to_string() }
    });
    let values = context! {
        staff,
        profiles => profiles.collect::<Vec<_>>(),
        offices => offices.collect::<Vec<_>>(),
        authorities => record.authorities().values().cloned().collect::<Vec<_>>(),
        keys => keys.collect::<Vec<_>>(),
    };
    page(&console, &visitor, "administration.html", values)
}
