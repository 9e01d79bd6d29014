//! The program: hands the command line to the library and ends with its exit status.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    sunlit::cli::main()
}
