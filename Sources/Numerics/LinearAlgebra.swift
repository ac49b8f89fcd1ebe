import COpenBLAS
import Dispatch

/// Linear algebra's use of the processor: how many threads OpenBLAS may use, which is one number for the whole process.
///
/// Sums are split by threads, so the number is part of a result's identity.
public enum LinearAlgebra {
    private static let gate = DispatchSemaphore(value: 1)
    /// As many as there are processors, two at most: results do not depend on larger machines.
    public static let defaultThreads = min(2, max(1, Int(openblas_get_num_procs())))

    /// Sets how many threads OpenBLAS may use; a server keeps it at one.
    public static func setThreads(_ count: Int) { openblas_set_num_threads(Int32(clamping: max(1, count))) }

    /// Runs `body` with so many threads in OpenBLAS; callers wait for each other, and must not call this from `body`.
    public static func withThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
        gate.wait()
        let before = openblas_get_num_threads()
        setThreads(count)
        defer {
            openblas_set_num_threads(before)
            gate.signal()
        }
        return try body()
    }
}
