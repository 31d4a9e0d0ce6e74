//! The fence around ONNX Runtime: the only file that names it.
//!
//! Loads the library, opens each network several times, checks names, types, shapes and finiteness on the
//! way in and out, and turns its errors into ours.
use super::{
    VisionError,
    stopwatch::{Watch, model_of, stage_of},
    tensor::{Declared, Element, Feed, Side, Signature, Tensor, TensorSpec, fits, sides},
};
use crate::base::metrics::{MODEL_BATCH, MODEL_WAIT_SECONDS};
use ort::{
    environment::Environment,
    session::{
        OutputSelector, RunOptions, Session, SessionInputValue, builder::GraphOptimizationLevel,
    },
    value::{Outlet, TensorElementType, TensorRef},
};
use std::{
    path::Path,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

/// ONNX Runtime allows one environment per process: the first library that was loaded stays.
static ENVIRONMENT: Mutex<Option<Environment>> = Mutex::new(None);

/// A loaded network: several sessions of one thread each, shared by whoever asks.
pub(super) struct Network {
    file: &'static str,
    signature: Signature,
    idle: Mutex<Vec<Session>>,
    returned: Condvar,
}

/// The loaded library.
#[derive(Clone)]
pub(super) struct Runtime {
    environment: Environment,
    sessions: usize,
}

impl Runtime {
    /// Loads the library, unless the process has one already.
    pub(super) fn load(library: &Path, sessions: usize) -> Result<Self, VisionError> {
        let wrong = |problem: String| VisionError::Runtime {
            path: library.to_owned(),
            problem: first_line(&problem),
        };
        let mut slot = ENVIRONMENT.lock().unwrap_or_else(PoisonError::into_inner);
        let environment = match slot.as_ref() {
            Some(environment) => environment.clone(),
            None => {
                let builder = ort::init_from(library).map_err(|e| wrong(e.to_string()))?;
                let environment = builder
                    .with_name("flashfit")
                    .with_telemetry(false)
                    .build()
                    .map_err(|e| wrong(e.to_string()))?;
                slot.insert(environment).clone()
            }
        };
        Ok(Self {
            environment,
            sessions: sessions.max(1),
        })
    }

    /// The same library, for networks opened so many times.
    pub(super) fn with_sessions(&self, sessions: usize) -> Self {
        Self {
            environment: self.environment.clone(),
            sessions: sessions.max(1),
        }
    }

    fn session(&self, bytes: &[u8]) -> Result<Session, String> {
        fn say<R>(error: ort::Error<R>) -> String {
            first_line(error.message())
        }
        let session = Session::builder(&self.environment)
            .map_err(say)?
            .with_intra_threads(1)
            .map_err(say)?
            .with_inter_threads(1)
            .map_err(say)?
            .with_deterministic_compute(true)
            .map_err(say)?
            .with_optimization_level(GraphOptimizationLevel::All)
            .map_err(say)?
            .commit_from_memory(bytes)
            .map_err(say);
        session.map_err(|problem| format!("{problem}{}", remedy(&problem)))
    }
}

impl Network {
    /// Opens a network and compares it with what it must look like.
    pub(super) fn load(
        runtime: &Runtime,
        file: &'static str,
        bytes: &[u8],
        signature: Signature,
    ) -> Result<Self, VisionError> {
        Self::load_as(runtime, file, bytes, |_| Ok(signature))
    }

    /// Opens a network that may look in several ways; `choose` is shown its inputs.
    pub(super) fn load_as(
        runtime: &Runtime,
        file: &'static str,
        bytes: &[u8],
        choose: impl FnOnce(&[Declared]) -> Result<Signature, String>,
    ) -> Result<Self, VisionError> {
        let wrong = |problem: String| VisionError::Network { file, problem };
        let mut sessions = Vec::with_capacity(runtime.sessions);
        for _ in 0..runtime.sessions {
            sessions.push(runtime.session(bytes).map_err(wrong)?);
        }
        let declared = sessions.first().map(declared).unwrap_or_default();
        let signature = choose(&declared).map_err(wrong)?;
        if let Some(session) = sessions.first() {
            compare("input", &signature.inputs, session.inputs()).map_err(wrong)?;
            compare("output", &signature.outputs, session.outputs()).map_err(wrong)?;
            for input in session.inputs() {
                if !signature.inputs.iter().any(|p| p.name == input.name()) {
                    let name = input.name();
                    return Err(wrong(format!(
                        "it wants an input `{name}` that nobody gives"
                    )));
                }
            }
        }
        Ok(Self {
            file,
            signature,
            idle: Mutex::new(sessions),
            returned: Condvar::new(),
        })
    }

    /// Runs it once; waits while every session is busy.
    pub(super) fn run(&self, feeds: &[Feed<'_>]) -> Result<Vec<Tensor>, VisionError> {
        self.run_for(feeds, self.signature.outputs.len())
    }

    /// Runs it for the first `count` outputs; the others are neither copied nor, where possible, computed.
    pub(super) fn run_for(
        &self,
        feeds: &[Feed<'_>],
        count: usize,
    ) -> Result<Vec<Tensor>, VisionError> {
        let wrong = |problem: String| VisionError::Network {
            file: self.file,
            problem,
        };
        let inputs = self.inputs(feeds).map_err(wrong)?;
        let mut lease = self.borrow();
        let _watch = self.measure(feeds);
        let session = lease
            .session
            .as_mut()
            .ok_or_else(|| wrong("no session".to_owned()))?;
        let wanted = &self.signature.outputs[..count.min(self.signature.outputs.len())];
        let only = wanted
            .iter()
            .fold(OutputSelector::no_default(), |only, port| {
                only.with(&port.name)
            });
        let options = RunOptions::new()
            .map_err(|e| wrong(first_line(e.message())))?
            .with_outputs(only);
        let outputs = session
            .run_with_options(inputs, &options)
            .map_err(|e| wrong(first_line(e.message())))?;
        let mut results = Vec::with_capacity(wanted.len());
        for port in wanted {
            let value = outputs
                .get(&port.name)
                .ok_or_else(|| wrong(format!("output `{}` did not come", port.name)))?;
            let (shape, values) = value
                .try_extract_tensor::<f32>()
                .map_err(|e| wrong(first_line(e.message())))?;
            let shape: Vec<usize> = shape
                .iter()
                .map(|s| usize::try_from(*s).unwrap_or(0))
                .collect();
            if !fits(&port.sides, &shape) {
                return Err(wrong(format!(
                    "output `{}` came as {shape:?}, expected {}",
                    port.name,
                    sides(&port.sides)
                )));
            }
            if let Some(at) = values.iter().position(|v| !v.is_finite()) {
                return Err(wrong(format!(
                    "output `{}` is not finite: value {at} is {}",
                    port.name, values[at]
                )));
            }
            results.push(Tensor {
                shape,
                values: values.to_vec(),
            });
        }
        Ok(results)
    }

    /// Times one run, but for those that are part of a longer stage.
    fn measure(&self, feeds: &[Feed<'_>]) -> Option<Watch> {
        let (model, stage) = (model_of(self.file), stage_of(self.file)?);
        let (Feed::Floats(shape, _) | Feed::Ints(shape, _)) = feeds.first()?;
        let batch = shape.first().copied().unwrap_or(1);
        metrics::histogram!(MODEL_BATCH, "model" => model).record(batch as f64);
        Some(Watch::start(model, stage))
    }

    fn inputs<'v>(
        &self,
        feeds: &[Feed<'v>],
    ) -> Result<Vec<(String, SessionInputValue<'v>)>, String> {
        let ports = &self.signature.inputs;
        if ports.len() != feeds.len() {
            return Err(format!("{} inputs for {}", feeds.len(), ports.len()));
        }
        let mut inputs = Vec::with_capacity(feeds.len());
        for (port, feed) in ports.iter().zip(feeds) {
            let (element, shape, length) = match feed {
                Feed::Floats(shape, values) => (Element::Float, *shape, values.len()),
                Feed::Ints(shape, values) => (Element::Int, *shape, values.len()),
            };
            let is_whole = shape.iter().product::<usize>() == length;
            if element != port.element || !is_whole || !fits(&port.sides, shape) {
                return Err(format!(
                    "input `{}` got {length} numbers as {shape:?}, expected {}",
                    port.name,
                    sides(&port.sides)
                ));
            }
            let value = match feed {
                Feed::Floats(shape, values) => {
                    TensorRef::from_array_view((*shape, *values)).map(SessionInputValue::from)
                }
                Feed::Ints(shape, values) => {
                    TensorRef::from_array_view((*shape, *values)).map(SessionInputValue::from)
                }
            };
            inputs.push((
                port.name.clone(),
                value.map_err(|e| first_line(e.message()))?,
            ));
        }
        Ok(inputs)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Session>> {
        // Sessions are only moved in and out under the lock: a panic elsewhere leaves the pool whole.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn borrow(&self) -> Lease<'_> {
        let started = Instant::now();
        let mut idle = self.lock();
        loop {
            if let Some(session) = idle.pop() {
                metrics::histogram!(MODEL_WAIT_SECONDS).record(started.elapsed());
                return Lease {
                    network: self,
                    session: Some(session),
                };
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A session on loan; it goes back when this is dropped, panic or not.
struct Lease<'a> {
    network: &'a Network,
    session: Option<Session>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.network.lock().push(session);
            self.network.returned.notify_one();
        }
    }
}

fn declared(session: &Session) -> Vec<Declared> {
    let inputs = session.inputs().iter();
    let shape = |input: &Outlet| input.dtype().tensor_shape().map_or(vec![], |s| s.to_vec());
    inputs
        .map(|input| Declared {
            name: input.name().to_owned(),
            sides: shape(input),
        })
        .collect()
}

/// The first of `ports` that the network does not have as expected, in words.
fn compare(what: &str, ports: &[TensorSpec], outlets: &[Outlet]) -> Result<(), String> {
    for port in ports {
        let Some(outlet) = outlets.iter().find(|o| o.name() == port.name) else {
            let names: Vec<_> = outlets.iter().map(|o| format!("`{}`", o.name())).collect();
            return Err(format!(
                "it has no {what} `{}`, only {}",
                port.name,
                names.join(", ")
            ));
        };
        let element = match port.element {
            Element::Float => TensorElementType::Float32,
            Element::Int => TensorElementType::Int64,
        };
        if outlet.dtype().tensor_type() != Some(element) {
            return Err(format!(
                "{what} `{}` holds {}, expected {element:?}",
                port.name,
                outlet.dtype()
            ));
        }
        let shape = outlet.dtype().tensor_shape().map_or(&[][..], |s| s);
        // An output whose shape the exporter left out is checked when it comes.
        if shape.is_empty() && what == "output" && !port.sides.is_empty() {
            continue;
        }
        let is_right = shape.len() == port.sides.len()
            && port
                .sides
                .iter()
                .zip(shape)
                .all(|(side, got)| match (side, *got) {
                    (Side::Any, _) | (Side::Batch, -1 | 1) => true,
                    (Side::Open | Side::Grows | Side::Is(_), -1) => true,
                    (Side::Is(wanted), got) => usize::try_from(got) == Ok(*wanted),
                    (Side::Batch | Side::Open | Side::Grows, _) => false,
                });
        if !is_right {
            return Err(format!(
                "{what} `{}` has the shape {shape:?}, expected {} (-1 is open)",
                port.name,
                sides(&port.sides)
            ));
        }
    }
    Ok(())
}

/// What to do about a problem that the exporter can solve.
fn remedy(problem: &str) -> &'static str {
    let problem = problem.to_lowercase();
    match problem.contains("opset") || problem.contains("ir version") {
        true => "; it is too new for this ONNX Runtime: export it again with an older opset",
        false => "",
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}
