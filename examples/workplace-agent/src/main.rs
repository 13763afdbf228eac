//! `workplace-agent --origin https://console.example [--keys FOLDER]… [--pkcs11 MODULE]…`
#![forbid(unsafe_code)]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use gost_ca::provider::KeyStore;
use gost_ca::provider::key_store::CarrierId;
use gost_ca_pkcs11::{PinSource, TokenKeyStore};
use gost_ca_software::directory_key_store::Settings;
use gost_ca_software::{DirectoryKeyStore, SystemRng};
use lexopt::{Arg, ValueExt};
use tokio::net::TcpListener;
use workplace_agent::agent::Agent;
use workplace_agent::pairing::Pairing;

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let arguments = Arguments::read()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port)).await?;
    let address: SocketAddr = listener.local_addr()?;
    let stores = stores(&arguments)?;
    let (pairing, code) = Pairing::new()?;
    println!("http://{address}\npairing code: {}", *code);
    drop(code);
    let agent = Agent::new(stores, Arc::new(SystemRng), pairing, arguments.origin, address);
    let until_stopped = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, agent.router()).with_graceful_shutdown(until_stopped).await?;
    Ok(())
}

/// Folders of containers, and tokens behind their modules.
fn stores(arguments: &Arguments) -> Result<Vec<Arc<dyn KeyStore>>, Failed> {
    let mut folders = DirectoryKeyStore::new(Settings::default(), Arc::new(SystemRng))?;
    for folder in &arguments.folders {
        let name = folder.display().to_string();
        folders = folders.with_carrier(CarrierId(name.clone()), name, folder);
    }
    // Each call brings its PIN; nothing is kept between them.
    let settings = gost_ca_pkcs11::Settings { keeps_pins: false, ..Default::default() };
    let mut tokens = TokenKeyStore::new(settings, PinSource::none());
    for (module, number) in arguments.modules.iter().zip(1..) {
        tokens = tokens.with_module(&format!("module-{number}"), module)?;
    }
    Ok(vec![Arc::new(folders), Arc::new(tokens)])
}

struct Arguments {
    origin: String,
    folders: Vec<PathBuf>,
    modules: Vec<PathBuf>,
    port: u16,
}

impl Arguments {
    fn read() -> Result<Self, Failed> {
        let (mut origin, mut port) = (None, 0);
        let (mut folders, mut modules) = (Vec::new(), Vec::new());
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("origin") => origin = Some(parser.value()?.string()?),
                Arg::Long("keys") => folders.push(PathBuf::from(parser.value()?)),
                Arg::Long("pkcs11") => modules.push(PathBuf::from(parser.value()?)),
                Arg::Long("port") => port = parser.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        let origin = origin.ok_or("--origin names the console: https://console.example")?;
        if origin.ends_with('/') || !(origin.starts_with("https://") || is_loopback(&origin)) {
            return Err("--origin is a scheme, a host and a port: https://console.example".into());
        }
        Ok(Self { origin, folders, modules, port })
    }
}

/// A console that is tried out on the same computer may go without TLS.
fn is_loopback(origin: &str) -> bool {
    ["http://127.0.0.1:", "http://localhost:"].iter().any(|start| origin.starts_with(start))
}
