internal import CTorch
internal import Numerics

/// Settings of libtorch that hold for the whole process.
public enum Runtime {
    /// Sets how many threads one operation may use: libtorch comes with one.
    public static func setThreads(_ count: Int) throws(TorchError) {
        try unsafe Tensor.check("setting the number of threads", ct_set_threads(Int32(clamping: max(1, count))))
        // libtorch does not tell the library that multiplies its matrices.
        LinearAlgebra.setThreads(count)
    }

    public static var threads: Int { Int(ct_threads()) }

    /// Lets the process keep freed memory: every step frees and takes the same large blocks, which the system would clear anew.
    public static func keepFreedMemory() { ct_keep_freed_memory() }

    /// Runs `body` without recording for gradients: updates of parameters and measuring.
    public static func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = ct_set_recording(false)
        defer { _ = ct_set_recording(before) }
        return try body()
    }
}
