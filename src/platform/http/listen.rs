//! A server whose connections are under [guard](super::guard).
use super::{
    Settings,
    guard::{Guard, Limits},
};
use actix_http::{HttpService, KeepAlive, Protocol, Request, Response, error::DispatchError};
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{
    IntoServiceFactory, ServiceFactory, ServiceFactoryExt as _, fn_service, map_config,
};
use actix_tls::accept::{
    TlsError,
    rustls_0_23::{Acceptor, TlsStream},
};
use actix_web::{
    body::MessageBody,
    dev::{AppConfig, Server},
    rt::net::TcpStream,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::ServerConfig;
use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    time::Duration,
};
use tokio::io::{AsyncRead, AsyncWrite};

/// Of the files that this process may have open, the share that connections of clients may be: the rest is for
/// databases, packs and the index.
const SHARE_OF_FILES: (u64, u64) = (3, 4);

/// A server on this listener that is not yet running: HTTPS where there is a configuration for it, else plain HTTP.
///
/// # Errors
/// When the system refuses what is wanted of the listener.
pub fn build<F, I, S, B>(
    factory: F,
    listener: TcpListener,
    tls: Option<ServerConfig>,
    settings: &Settings,
) -> io::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as actix_web::dev::Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let builder = builder(settings);
    let service = Service {
        factory,
        address: listener.local_addr()?,
        head: settings.header_timeout,
        idle: settings.keep_alive,
        stop: builder.graceful_shutdown_signal(),
    };
    let (limits, head) = (Limits::from(settings), settings.header_timeout);
    let builder = match tls {
        None => builder.listen("http", listener, move || {
            fn_service(move |io: TcpStream| async move {
                let peer = ready(&io);
                Ok((Guard::new(io, limits), Protocol::Http1, peer))
            })
            .and_then(service.over())
        }),
        Some(tls) => builder.listen("https", listener, move || {
            let mut acceptor = Acceptor::new(offering_both(tls.clone()));
            acceptor.set_handshake_timeout(head);
            acceptor
                .map_init_err(|_| ())
                .map_err(TlsError::into_service_error)
                .and_then(move |io: TlsStream<TcpStream>| async move {
                    let (stream, session) = io.get_ref();
                    let peer = ready(stream);
                    let is_2 = session.alpn_protocol() == Some(b"h2");
                    Ok(match is_2 {
                        true => (Guard::opaque(io, limits), Protocol::Http2, peer),
                        false => (Guard::new(io, limits), Protocol::Http1, peer),
                    })
                })
                .and_then(service.over().map_err(TlsError::Service))
        }),
    };
    Ok(builder?.run())
}

/// What answers requests, whatever carries them.
#[derive(Clone)]
struct Service<F> {
    factory: F,
    address: SocketAddr,
    head: Duration,
    idle: Duration,
    stop: GracefulShutdownSignal,
}

impl<F> Service<F> {
    fn over<T, I, S, B>(
        &self,
    ) -> impl ServiceFactory<
        (T, Protocol, Option<SocketAddr>),
        Config = (),
        Response = (),
        Error = DispatchError,
        InitError = (),
    > + use<F, T, I, S, B>
    where
        T: AsyncRead + AsyncWrite + Unpin + 'static,
        F: Fn() -> I,
        I: IntoServiceFactory<S, Request>,
        S: ServiceFactory<Request, Config = AppConfig> + 'static,
        S::Error: Into<actix_web::Error> + 'static,
        S::InitError: fmt::Debug,
        S::Response: Into<Response<B>> + 'static,
        S::Service: 'static,
        <S::Service as actix_web::dev::Service<Request>>::Future: 'static,
        B: MessageBody + 'static,
    {
        let stop = self.stop.clone();
        let factory = (self.factory)().into_factory();
        let factory = factory.map_err(|error| error.into().error_response());
        HttpService::build()
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .keep_alive(KeepAlive::Timeout(self.idle))
            .client_request_timeout(self.head)
            .local_addr(self.address)
            .finish(map_config(factory, |()| AppConfig::default()))
    }
}

fn builder(settings: &Settings) -> ServerBuilder {
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let connections = room_for(settings.max_connections);
    Server::build()
        .workers(workers)
        .max_concurrent_connections(connections.div_ceil(workers).max(1))
        .shutdown_timeout(settings.shutdown_timeout.as_secs().max(1))
        .disable_signals()
}

/// So many connections, or as many as the system lets this process have.
fn room_for(wanted: usize) -> usize {
    let limit = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limit.maximum,
        ..limit
    };
    // The lower limit is for programs that cannot count so far.
    let files = match setrlimit(Resource::Nofile, most) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let (part, of) = SHARE_OF_FILES;
    let room = files.map_or(wanted, |files| {
        usize::try_from(files / of * part).unwrap_or(wanted)
    });
    if room < wanted {
        tracing::warn!(
            "http.max_connections: {room} instead of {wanted}, because this process may have no more files open; \
             raise its limit (ulimit -n, LimitNOFILE)"
        );
    }
    room.min(wanted)
}

/// Small answers go at once; and who the client is.
fn ready(stream: &TcpStream) -> Option<SocketAddr> {
    let _works_without = stream.set_nodelay(true);
    stream.peer_addr().ok()
}

fn offering_both(mut tls: ServerConfig) -> ServerConfig {
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    tls
}
