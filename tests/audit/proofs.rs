//! Reading the audit, and proofs for those who have a checkpoint only.

use gost_ca::audit::checkpoint::BadProof;
use gost_ca::audit::proof::{ConsistencyProof, InclusionProof};
use gost_ca::command::Command;
use gost_ca::provider::journal::StreamId;
use gost_ca::registration_authority::AuditFilter;
use gost_ca_software::GostVerifier;

use crate::desk::Result;
use crate::office::Office;
use crate::record::ground;

#[tokio::test]
async fn every_entry_of_a_person_is_proved() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    let case = desk.active(10).await?;
    office.checkpoint().await?;
    desk.run(
        &desk.operator,
        Command::Suspend { case, ground: ground(), until: None, on_end: None },
    )
    .await?;
    desk.active(11).await?;
    office.checkpoint().await?;
    desk.run(&desk.operator, Command::Resume { case, ground: ground() }).await?;
    let user = desk.ra.case(&desk.operator, &case).await?.case.begun().user;
    let filter = AuditFilter { user: Some(user), ..AuditFilter::default() };
    let extract = office.ra.read_audit(office.administrator(), &filter).await?;
    assert_eq!(extract.checkpoint, Some(office.kept().await?));
    let (last, others) = extract.lines.split_last().unwrap();
    assert!(String::from_utf8_lossy(&last.entry.0).contains("certificate.resumed"));
    assert_eq!(last.proof, None, "no checkpoint covers it yet");
    assert!(others.len() > 6);
    for line in others {
        let proof = line.proof.as_ref().unwrap();
        assert_eq!(proof.checkpoint, office.kept().await?);
        assert_eq!((proof.stream, proof.index), (line.stream, line.index));
        assert_eq!(proof.entry, line.entry.0);
        proof.verify(&GostVerifier, &office.key())?;
        let again: InclusionProof = serde_json::from_str(&serde_json::to_string(proof)?)?;
        assert_eq!(again, *proof);
    }
    let csv = extract.to_csv();
    assert_eq!(csv.lines().count(), extract.lines.len() + 1);
    assert!(csv.contains(";certificate.suspended;operator;"), "{csv}");
    assert_eq!(extract.to_json_lines().lines().count(), extract.lines.len());
    Ok(())
}

#[tokio::test]
async fn a_proof_proves_one_thing_only() -> Result<()> {
    let office = Office::found().await?;
    let case = office.desk.active(10).await?;
    office.checkpoint().await?;
    let user = office.desk.ra.case(&office.desk.operator, &case).await?.case.begun().user;
    let filter = AuditFilter { user: Some(user), ..AuditFilter::default() };
    let extract = office.ra.read_audit(office.administrator(), &filter).await?;
    let proof = extract.lines[3].proof.clone().unwrap();
    let altered: [fn(&mut InclusionProof); 9] = [
        |proof| proof.entry[5] ^= 1,
        |proof| proof.index += 1,
        |proof| proof.stream = StreamId::Record,
        |proof| proof.number += 1,
        |proof| proof.previous[0] ^= 1,
        |proof| proof.in_batch.index ^= 1,
        |proof| proof.in_batch.hashes[0][0] ^= 1,
        |proof| proof.in_batch.size += 1,
        |proof| proof.in_record.size += 1,
    ];
    for alter in altered {
        let mut other = proof.clone();
        alter(&mut other);
        assert_eq!(other.verify(&GostVerifier, &office.key()), Err(BadProof::Hashes));
    }
    let mut other = proof.clone();
    other.checkpoint.checkpoint.at = "2030-01-01T00:00:00Z".parse()?;
    assert_eq!(other.verify(&GostVerifier, &office.key()), Err(BadProof::Signature));
    let stranger = crate::desk::key(78, &office.desk.rng);
    let stranger = gost_ca::provider::Signer::public_key(&*stranger);
    assert_eq!(proof.verify(&GostVerifier, stranger), Err(BadProof::Key));
    Ok(())
}

#[tokio::test]
async fn later_checkpoints_continue_earlier_ones() -> Result<()> {
    let office = Office::found().await?;
    for number in 10..15 {
        office.desk.register(number).await?;
        office.checkpoint().await?;
    }
    let (key, verifier) = (office.key(), GostVerifier);
    for first in 1..=5 {
        for second in first..=5 {
            let proof = office.ra.prove_consistency(first, second).await?.unwrap();
            proof.verify(&verifier, (&key, &key))?;
            let again: ConsistencyProof = serde_json::from_str(&serde_json::to_string(&proof)?)?;
            assert_eq!(again, proof);
            if first < second {
                let swapped = ConsistencyProof {
                    first: proof.second.clone(),
                    second: proof.first.clone(),
                    hashes: proof.hashes,
                };
                assert_eq!(swapped.verify(&verifier, (&key, &key)), Err(BadProof::Hashes));
            }
        }
    }
    assert_eq!(office.ra.prove_consistency(1, 6).await?, None);
    Ok(())
}

#[tokio::test]
async fn a_period_and_a_serial_number_are_read() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    office.checkpoint().await?;
    desk.clock.advance(400);
    let from = desk.clock_now();
    let case = desk.active(10).await?;
    desk.clock.advance(400);
    let until = desk.clock_now();
    desk.register(11).await?;
    office.checkpoint().await?;
    let filter = AuditFilter { from: Some(from), until: Some(until), ..AuditFilter::default() };
    let extract = office.ra.read_audit(office.administrator(), &filter).await?;
    assert!(extract.lines.iter().all(|line| line.proof.is_some()));
    let streams: Vec<_> = extract.lines.iter().map(|line| line.stream).collect();
    assert!(streams.contains(&StreamId::Case(case)) && streams.contains(&StreamId::Access));
    let issued = desk.ra.case(&desk.operator, &case).await?.case;
    let serial = Some(issued.issued().unwrap().serial.clone());
    let filter = AuditFilter { serial, ..AuditFilter::default() };
    let extract = office.ra.read_audit(&desk.operator, &filter).await?;
    assert_eq!(u64::try_from(extract.lines.len())?, issued.length());
    assert!(extract.lines.iter().all(|line| line.stream == StreamId::Case(case)));
    Ok(())
}

#[tokio::test]
async fn the_audit_of_others_is_not_read() -> Result<()> {
    let office = Office::found().await?;
    let desk = &office.desk;
    let case = desk.active(10).await?;
    let user = desk.ra.case(&desk.operator, &case).await?.case.begun().user;
    let open = Command::OpenOffice { office: "other".parse()?, title: "Другой".to_owned() };
    desk.run(&desk.administrator, open).await?;
    let stranger = desk.new_operator(&desk.administrator, 3, &"other".parse()?).await?;
    let filter = AuditFilter { user: Some(user), ..AuditFilter::default() };
    let refused = office.ra.read_audit(&stranger, &filter).await.unwrap_err();
    assert_eq!(refused.code(), "permission.scope");
    let refused = office.ra.read_audit(&desk.operator, &AuditFilter::default()).await.unwrap_err();
    assert_eq!(refused.code(), "permission.role");
    Ok(())
}
