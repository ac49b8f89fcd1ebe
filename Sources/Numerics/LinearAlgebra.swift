import CKernels
import COpenBLAS
import Dispatch
import Glibc
import Synchronization

/// Linear algebra's use of the processor: how many threads OpenBLAS may use, which is one number for the whole process.
///
/// Sums are split by threads, so the number is part of a result's identity.
public enum LinearAlgebra {
    private static let gate = DispatchSemaphore(value: 1)
    /// How many callers run with one thread, and what the number was before the first of them.
    private static let single = Mutex((callers: 0, before: Int32(1)))
    /// As many as there are processors, two at most: results do not depend on larger machines.
    public static let defaultThreads = min(2, max(1, Int(openblas_get_num_procs())))

    private static let kernels = "OPENBLAS_CORETYPE"

    /// Begins the program anew, once, with OpenBLAS's kernels for the processor's instructions, if OpenBLAS is older than the processor.
    ///
    /// It takes a processor that it does not know for one of 2004, and multiplies several times more slowly. It is told by a variable of
    /// the environment, which it reads when it is loaded; one that the user has set is left alone.
    public static func adoptKernels(_ arguments: [String]) {
        guard let corename = unsafe openblas_get_corename(),
            let name = unsafe betterKernels(than: String(cString: corename)),
            unsafe getenv(kernels) == nil, unsafe setenv(kernels, name, 1) == 0
        else { return }
        var words = unsafe arguments.map { unsafe strdup($0) }
        unsafe words.append(nil)
        unsafe execv("/proc/self/exe", &words)
        // Only a failure returns: slow kernels do too.
        unsafe words.forEach { unsafe free($0) }
    }

    /// OpenBLAS's name of kernels with vectors as wide as the processor's; `nil` if those in use have them.
    static func betterKernels(than name: String) -> String? { betterKernels(than: name, .best) }

    static func betterKernels(than name: String, _ level: KernelLevel) -> String? {
        let isNarrow = ["Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Generic", "Unknown"].contains(name)
        return switch level {
        case .wide: isNarrow ? "SkylakeX" : nil
        case .avx2: isNarrow ? "Haswell" : nil
        case .plain: nil
        }
    }

    /// Sets how many threads OpenBLAS may use; a server keeps it at one.
    public static func setThreads(_ count: Int) { openblas_set_num_threads(Int32(clamping: max(1, count))) }

    /// Runs `body` with so many threads in OpenBLAS; callers that ask for one thread run side by side, others wait for each other.
    ///
    /// It must not be called from `body`, but for one thread within one thread.
    public static func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
        guard count > 1 else { return try withOneThread(body) }
        gate.wait()
        let before = openblas_get_num_threads()
        setThreads(count)
        defer {
            openblas_set_num_threads(before)
            gate.signal()
        }
        return try body()
    }

    /// The first caller waits for the gate, with those behind it; the last one opens it.
    private static func withOneThread<Result>(_ body: () throws -> Result) rethrows -> Result {
        single.withLock { single in
            if single.callers == 0 {
                gate.wait()
                single.before = openblas_get_num_threads()
                setThreads(1)
            }
            single.callers += 1
        }
        defer {
            single.withLock { single in
                single.callers -= 1
                if single.callers == 0 {
                    openblas_set_num_threads(single.before)
                    gate.signal()
                }
            }
        }
        return try body()
    }
}
