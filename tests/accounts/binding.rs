//! Certificates bound to accounts.

use super::*;

async fn possession(bench: &Bench, user: UserId, key: u32) -> Result<Possession> {
    let challenge = bench.desk.ra.challenge().await?;
    let signer = bench::user_key(key, &bench.desk.rng);
    let message = challenge.binding_bytes(&user);
    let signature = signer.sign(Message::Bytes(&message)).await?;
    Ok(Possession { challenge, signature })
}

async fn sign_in_by_certificate(
    bench: &Bench,
    case: CaseId,
    key: u32,
) -> std::result::Result<Session, &'static str> {
    let desk = &bench.desk;
    let certificate = desk.ra.certificate(&desk.administrator, &case).await.unwrap();
    let answer = desk::answer(&desk.ra, &*bench::user_key(key, &desk.rng)).await.unwrap();
    desk.ra.sign_in(&certificate, &answer).await.map_err(|error| error.code())
}

#[tokio::test]
async fn a_user_binds_a_certificate_by_its_key() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    let (id, session) = user(&bench, 10).await?;
    let signer = bench::user_key(10, &desk.rng);
    let case = desk.issue(&desk.operator, id, "commercial", &signer).await?;
    let stranger = bench.active(11).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");

    let bind = |case, possession| Command::BindCertificate { user: id, case, possession };
    let foreign = possession(&bench, id, 11).await?;
    let code = desk.refusal(&session, bind(case, foreign.clone())).await;
    assert_eq!(code, "guard.possession-not-proven");
    let code = desk.refusal(&session, bind(stranger, foreign)).await;
    assert_eq!(code, "guard.certificate-not-usable", "another person's");
    let for_another = possession(&bench, UserId::new([9; 16]), 10).await?;
    let code = desk.refusal(&session, bind(case, for_another)).await;
    assert_eq!(code, "guard.possession-not-proven", "a proof is for one account");
    let answer = desk::answer(&desk.ra, &*signer).await?;
    let sign_in = Possession { challenge: answer.challenge, signature: answer.signature };
    let code = desk.refusal(&session, bind(case, sign_in)).await;
    assert_eq!(code, "guard.possession-not-proven", "a sign-in binds nothing");

    let proof = possession(&bench, id, 10).await?;
    desk.run(&session, bind(case, proof.clone())).await?;
    let code = desk.refusal(&session, bind(case, proof)).await;
    assert_eq!(code, "certificate.bound");
    let by_certificate = sign_in_by_certificate(&bench, case, 10).await?;
    assert_eq!(desk.ra.user(&by_certificate, &id).await?.account.bound(), [case]);

    // the password may be wrong as often as one likes: the certificate signs in
    for _ in 0..5 {
        refused(&desk.ra, "user-10", "wrong-1").await?;
    }
    sign_in_by_certificate(&bench, case, 10).await?;
    desk.run(&desk.operator, block(id)).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");
    desk.run(&desk.operator, unblock(id)).await?;
    desk.run(&desk.operator, Command::UnbindCertificate { user: id, case }).await?;
    assert_eq!(sign_in_by_certificate(&bench, case, 10).await.unwrap_err(), "sign-in");
    assert_eq!(desk.ra.user(&by_certificate, &id).await.unwrap_err().code(), "session.over");
    let again = Command::UnbindCertificate { user: id, case };
    assert_eq!(desk.refusal(&desk.operator, again).await, "not-found");
    bench.check().await
}

#[tokio::test]
async fn one_way_to_sign_in_remains() -> Result<()> {
    let bench = Bench::open().await?;
    let desk = &bench.desk;
    // one person, registered by themselves and for an organisation: the second one has no password
    let record = desk::people::staff(10, "user-10")?;
    let first = bench.active(10).await?;
    let mut form = RegistrationForm::from(&record.data);
    form.set(Field::Kind, "individual-entrepreneur".to_owned());
    form.set(Field::Ogrnip, "304500116000157".to_owned());
    let registration = Box::new(Register {
        role: Role::User,
        office: Some(desk.office.clone()),
        login: Login::from_typed("user-10-b")?,
        data: form.check()?,
        person_known: true,
    });
    let id = desk::command_id(&desk.rng);
    let user = UserId::made_by(&id);
    let possession = possession(&bench, user, 10).await?;
    let command = Command::RegisterByCertificate { registration, case: first, possession };
    let envelope = gost_ca::command::Envelope::new(id, command);
    let done = desk.ra.execute(&desk.operator, &envelope).await?;
    assert_eq!(done, Outcome::Registered { user, temporary_password: None });
    assert_eq!(state(&bench, user).await?, AccountState::Active);
    let session = sign_in_by_certificate(&bench, first, 10).await?;
    assert_eq!(session.actor().user, Some(user));

    let unbind = Command::UnbindCertificate { user, case: first };
    assert_eq!(desk.refusal(&session, unbind.clone()).await, "guard.last-sign-in-method");
    desk.run(&desk.operator, reset(user)).await?;
    desk.run(&desk.operator, unbind).await?;
    bench.check().await
}
