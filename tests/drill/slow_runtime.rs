//! ONNX Runtime with a brake: while the file named by `DRILL_BRAKE` is there, each run of a network takes ten times as
//! long. A library of its own, compiled by the drill and named in `models.onnxruntime`; it loads the real one, which
//! `DRILL_RUNTIME` names, and puts itself before the one function that runs networks.
#![crate_type = "cdylib"]
use std::{
    env,
    ffi::{CString, c_char, c_int, c_void},
    mem,
    path::Path,
    ptr,
    sync::OnceLock,
    thread,
    time::Instant,
};

unsafe extern "C" {
    fn dlopen(name: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
    fn sysconf(name: c_int) -> std::ffi::c_long;
    fn mprotect(place: *mut c_void, length: usize, protection: c_int) -> c_int;
}

/// Bind at once.
const RTLD_NOW: c_int = 2;
/// To be read and written.
const READ_WRITE: c_int = 3;
/// What `sysconf` calls the size of a page.
const PAGE_SIZE: c_int = 30;
/// The place of `Run` in the table of functions, the same in all versions.
const RUN: usize = 9;
/// How much longer.
const TIMES: u32 = 10;

type Run = unsafe extern "C" fn(
    *mut c_void,
    *const c_void,
    *const c_void,
    *const c_void,
    usize,
    *const c_void,
    usize,
    *mut c_void,
) -> *mut c_void;

/// The table of tables.
#[repr(C)]
pub struct Base {
    get_api: unsafe extern "C" fn(u32) -> *mut usize,
    version: unsafe extern "C" fn() -> *const c_char,
}

static REAL: OnceLock<&'static Base> = OnceLock::new();
static REAL_RUN: OnceLock<Run> = OnceLock::new();
static BRAKED: OnceLock<Base> = OnceLock::new();

/// What the library is asked for first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OrtGetApiBase() -> *const Base {
    let real = REAL.get_or_init(|| {
        let name = CString::new(env::var("DRILL_RUNTIME").unwrap()).unwrap();
        // The real library says where its tables are, for as long as the process lives.
        unsafe {
            let library = dlopen(name.as_ptr(), RTLD_NOW);
            assert!(!library.is_null(), "the real library cannot be loaded");
            let base = dlsym(library, c"OrtGetApiBase".as_ptr());
            assert!(!base.is_null(), "that is not the real library");
            let base: unsafe extern "C" fn() -> *const Base = mem::transmute(base);
            &*base()
        }
    });
    let version = real.version;
    ptr::from_ref(BRAKED.get_or_init(|| Base { get_api, version }))
}

unsafe extern "C" fn get_api(version: u32) -> *mut usize {
    // The table has more entries than this one.
    unsafe {
        let table = (REAL.get().unwrap().get_api)(version);
        if !table.is_null() {
            REAL_RUN.get_or_init(|| {
                let entry = table.add(RUN);
                let real: Run = mem::transmute(*entry);
                let size = sysconf(PAGE_SIZE) as usize;
                let page = (entry as usize & !(size - 1)) as *mut c_void;
                assert_eq!(mprotect(page, size, READ_WRITE), 0);
                *entry = run as *const () as usize;
                real
            });
        }
        table
    }
}

unsafe extern "C" fn run(
    session: *mut c_void,
    options: *const c_void,
    names: *const c_void,
    inputs: *const c_void,
    count: usize,
    output_names: *const c_void,
    output_count: usize,
    outputs: *mut c_void,
) -> *mut c_void {
    let began = Instant::now();
    let real = REAL_RUN.get().unwrap();
    let status = unsafe {
        real(
            session,
            options,
            names,
            inputs,
            count,
            output_names,
            output_count,
            outputs,
        )
    };
    if Path::new(&env::var_os("DRILL_BRAKE").unwrap()).exists() {
        thread::sleep(began.elapsed() * (TIMES - 1));
    }
    status
}
