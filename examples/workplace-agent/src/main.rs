//! `workplace-agent --origin https://console.example [--keys FOLDER]… [--pkcs11 MODULE]… [--cryptopro] [--documents]`
#![forbid(unsafe_code)]

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use gost_ca::provider::KeyStore;
use gost_ca::provider::key_store::CarrierId;
use gost_ca_cryptopro::{CspKeyStore, Libraries, Provider};
use gost_ca_pkcs11::{PinSource, TokenKeyStore};
use gost_ca_software::{DirectoryKeyStore, SystemRng, directory_key_store};
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
    let pairing = Arc::new(Pairing::closed());
    println!("http://{address}");
    show_code(&pairing)?;
    show_more_codes(Arc::clone(&pairing));
    let mut agent = Agent::new(stores, Arc::new(SystemRng), pairing, arguments.origin, address);
    if arguments.documents {
        agent = agent.with_documents();
    }
    let until_stopped = async { drop(tokio::signal::ctrl_c().await) };
    axum::serve(listener, agent.router()).with_graceful_shutdown(until_stopped).await?;
    Ok(())
}

fn show_code(pairing: &Pairing) -> Result<(), Failed> {
    println!("pairing code: {}", *pairing.draw()?);
    Ok(())
}

/// A new code each time that the operator presses Enter here. The thread ends with the program.
fn show_more_codes(pairing: Arc<Pairing>) {
    std::thread::spawn(move || {
        for _line in std::io::stdin().lines().map_while(Result::ok) {
            if show_code(&pairing).is_err() {
                return;
            }
        }
    });
}

fn stores(arguments: &Arguments) -> Result<Vec<Arc<dyn KeyStore>>, Failed> {
    let mut stores: Vec<Arc<dyn KeyStore>> = Vec::new();
    if !arguments.folders.is_empty() {
        stores.push(Arc::new(folders(&arguments.folders)?));
    }
    if !arguments.modules.is_empty() {
        stores.push(Arc::new(tokens(&arguments.modules)?));
    }
    if let Some(libraries) = &arguments.csp {
        let settings = gost_ca_cryptopro::Settings::default();
        stores.push(Arc::new(CspKeyStore::new(&Provider::load(libraries)?, settings)?));
    }
    Ok(stores)
}

fn folders(folders: &[PathBuf]) -> Result<DirectoryKeyStore, Failed> {
    let settings = directory_key_store::Settings::default();
    let store = DirectoryKeyStore::new(settings, Arc::new(SystemRng))?;
    Ok(folders.iter().fold(store, |store, folder| {
        let name = folder.display().to_string();
        store.with_carrier(CarrierId(name.clone()), name, folder)
    }))
}

fn tokens(modules: &[PathBuf]) -> Result<TokenKeyStore, Failed> {
    // The page brings each PIN; none is kept.
    let settings = gost_ca_pkcs11::Settings { keeps_pins: false, ..Default::default() };
    let mut tokens = TokenKeyStore::new(settings, PinSource::none());
    for (module, number) in modules.iter().zip(1..) {
        tokens = tokens.with_module(&format!("module-{number}"), module)?;
    }
    Ok(tokens)
}

struct Arguments {
    origin: String,
    folders: Vec<PathBuf>,
    modules: Vec<PathBuf>,
    /// The CSP's libraries, where it is asked for.
    csp: Option<Libraries>,
    /// Whether documents are signed and opened, beside the console's commands.
    documents: bool,
    port: u16,
}

impl Arguments {
    fn read() -> Result<Self, Failed> {
        let (mut origin, mut port, mut csp) = (None, PORT, None);
        let (mut folders, mut modules, mut documents) = (Vec::new(), Vec::new(), false);
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Long("origin") => origin = Some(parser.value()?.string()?),
                Arg::Long("keys") => folders.push(PathBuf::from(parser.value()?)),
                Arg::Long("pkcs11") => modules.push(PathBuf::from(parser.value()?)),
                Arg::Long("cryptopro") => {
                    let file = parser.optional_value();
                    csp = Some(file.map_or_else(Libraries::default, Libraries::beside));
                }
                Arg::Long("documents") => documents = true,
                Arg::Long("port") => port = parser.value()?.parse()?,
                other => return Err(other.unexpected().into()),
            }
        }
        let origin = origin.ok_or("--origin names the console: https://console.example")?;
        if !is_origin(&origin) {
            return Err("--origin is a scheme, a host and a port: https://console.example".into());
        }
        Ok(Self { origin, folders, modules, csp, documents, port })
    }
}

/// An origin as browsers write it. A console that is tried out on the same computer may go without TLS.
fn is_origin(origin: &str) -> bool {
    let starts = ["https://", "http://127.0.0.1:", "http://localhost:"];
    let rest = starts.iter().find_map(|start| origin.strip_prefix(start));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".:-[]".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(plain))
}

/// Where the console looks for the agent.
const PORT: u16 = 47_100;
