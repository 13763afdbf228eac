//! Signatures a second through 1, 2 and 8 sessions, and what the border costs: `cargo bench -p gost-ca-pkcs11`.
//!
//! Each module runs in a process of its own, over tokens in a temporary folder.
#![expect(clippy::cast_precision_loss, reason = "figures are rounded for people")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gost_ca::oid::Oid;
use gost_ca::provider::key_store::{Access, KeyAlgorithm, KeyId, KeySpec, Message};
use gost_ca::provider::{KeyStore, Result, Signer, WritableKeyStore};
use gost_ca::secret::Secret;
use gost_ca_pkcs11::{Filter, PinSource, Quirks, Settings, TokenKeyStore};
use gost_ca_software::{GostSigner, SystemRng};
use gost3410::{ParameterSet, SigningKey};
use tokio::runtime::Runtime;

#[path = "../tests/support/soft_token.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod soft_token;
#[path = "../tests/support/softhsm.rs"]
#[expect(dead_code, reason = "tests use the rest")]
mod softhsm;

fn main() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return ["software", "soft token", "softhsm"].into_iter().for_each(apart);
    };
    let runtime = Runtime::new().unwrap();
    match std::env::var(MODULE).unwrap().as_str() {
        "software" => runtime.block_on(software()),
        "softhsm" => {
            let module = Path::new(softhsm::MODULE);
            runtime.block_on(token("SoftHSM, P-256", module, KeyAlgorithm::EcdsaP256, None));
        }
        _ => {
            let set = KeyAlgorithm::Gost3410(Oid::new_unwrap("1.2.643.7.1.2.1.1.1"));
            let made = Some(Path::new(&folder));
            runtime.block_on(token("soft token, 256-A", &soft_token::module(), set, made));
        }
    }
}

fn apart(module: &str) {
    if module == "softhsm" && !Path::new(softhsm::MODULE).exists() {
        return println!("SoftHSM is not here");
    }
    let folder = tempfile::tempdir().unwrap();
    let environment: Vec<(&str, PathBuf)> = match module {
        "softhsm" => softhsm::tokens(folder.path(), &["bench"]),
        _ => soft_token::settled(folder.path(), "{}"),
    };
    let status = Command::new(std::env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .env(MODULE, module)
        .envs(environment)
        .status();
    assert!(status.unwrap().success());
}

async fn software() {
    let each = one_by_one(&software_signer()).await;
    println!("{:<20} in the caller's thread   {each}", "software, 256-A");
}

fn software_signer() -> GostSigner {
    let mut octets = [7; 32];
    octets[31] = 1;
    let key = SigningKey::from_le_bytes(ParameterSet::TC26_256_A, &octets).unwrap();
    GostSigner::new(key, Arc::new(SystemRng)).unwrap()
}

async fn token(name: &str, module: &Path, algorithm: KeyAlgorithm, made: Option<&Path>) {
    for sessions in [1, 2, 8] {
        let quirks = format!(r#"{{"name": "bench", "hardware": false, "sessions": {sessions}}}"#);
        let quirks = Some(Quirks::from_json(&quirks).unwrap());
        let pins = PinSource::new(|_| Some(Secret::from(softhsm::PIN)));
        let store = TokenKeyStore::new(Settings::default(), pins);
        let store = store.with_part_of_module("m", module, Filter::default(), quirks).unwrap();
        if made.is_some() && sessions == 1 {
            let (officer, user) = (Secret::from("87654321"), Secret::from(softhsm::PIN));
            store.initialize("m", 0, "bench", (&officer, &user)).await.unwrap();
        }
        let signer = make(&store, &format!("key {sessions}"), algorithm).await.unwrap();
        if sessions == 1 {
            let (alone, many, software) = in_turn(&*signer).await;
            println!("{name:<20} one by one               {alone}");
            println!("{name:<20} many in one call         {many}");
            show_difference(name, "the hop to its thread", alone.0.saturating_sub(many.0));
            if made.is_some() {
                println!("{name:<20} software beside it       {software}");
                let border = alone.0.saturating_sub(software.0);
                show_difference(name, "dearer than software", border);
            }
        }
        println!("{name:<20} {sessions} session(s), 8 at once  {}", at_once(&signer).await);
    }
}

async fn make(store: &TokenKeyStore, name: &str, kind: KeyAlgorithm) -> Result<Arc<dyn Signer>> {
    let carrier = store.carriers().await?.remove(0).id;
    let id = KeyId { carrier, container: name.into() };
    let spec = KeySpec { id, algorithm: kind, temporary_pin: false };
    store.generate(&spec, &Access::Prompted, &SystemRng).await
}

fn show_difference(name: &str, what: &str, difference: Duration) {
    println!("{name:<20} {what:<24} {:.1} µs", difference.as_nanos() as f64 / 1000.0);
}

/// Time for one signature.
#[derive(Clone, Copy)]
struct Each(Duration);

impl std::fmt::Display for Each {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let micros = self.0.as_nanos() as f64 / 1000.0;
        write!(f, "{:>9.0} a second, {micros:>6.1} µs each", 1e6 / micros)
    }
}

/// The best of five rounds: the machine has other work.
async fn best(count: usize, round: impl AsyncFn()) -> Each {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        round().await;
        best = best.min(begun.elapsed() / u32::try_from(count).unwrap());
    }
    Each(best)
}

async fn one_by_one(signer: &dyn Signer) -> Each {
    best(ROUND, async || one_round(signer).await).await
}

/// One by one, many in one call, and the same arithmetic without any border: short rounds in turn, so that
/// whatever else the machine does is in the way of all alike; the median of each.
async fn in_turn(signer: &dyn Signer) -> (Each, Each, Each) {
    let (software, mut took) = (software_signer(), [const { Vec::new() }; 3]);
    let messages = vec![Message::Bytes(&[0x30; 1500]); SHORT];
    for _ in 0..ROUND {
        let begun = Instant::now();
        for message in &messages {
            signer.sign(*message).await.unwrap();
        }
        took[0].push(begun.elapsed());
        let begun = Instant::now();
        signer.sign_all(&messages).await.unwrap();
        took[1].push(begun.elapsed());
        let begun = Instant::now();
        for message in &messages {
            software.sign(*message).await.unwrap();
        }
        took[2].push(begun.elapsed());
    }
    let [alone, many, software] = took.map(|mut rounds| {
        rounds.sort_unstable();
        Each(rounds[ROUND / 2] / u32::try_from(SHORT).unwrap())
    });
    (alone, many, software)
}

async fn at_once(signer: &Arc<dyn Signer>) -> Each {
    best(8 * ROUND, async || {
        let work = (0..8).map(|_| {
            let signer = Arc::clone(signer);
            tokio::spawn(async move { one_round(&*signer).await })
        });
        for task in work.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    })
    .await
}

async fn one_round(signer: &dyn Signer) {
    for _ in 0..ROUND {
        signer.sign(Message::Bytes(&[0x30; 1500])).await.unwrap();
    }
}

const ROUND: usize = 500;
const SHORT: usize = 20;
const FOLDER: &str = "GOST_CA_PKCS11_BENCH";
const MODULE: &str = "GOST_CA_PKCS11_BENCH_MODULE";
