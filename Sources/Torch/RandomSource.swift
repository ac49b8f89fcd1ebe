internal import CTorch
internal import Numerics

/// A source of random numbers on one device, which belongs to one run: no other run can disturb it.
///
/// On the processor they are Souk's own, the same on every machine; other devices use libtorch's.
@safe public final class RandomSource {
    let handle: OpaquePointer
    private var keys: SeededGenerator

    public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
        var handle: OpaquePointer?
        try unsafe Tensor.check(
            "making a source of random numbers on \(device)", ct_make_generator(device.name, &handle))
        unsafe self.handle = handle!
        keys = SeededGenerator(seed: seed)
        try self.seed(seed)
    }

    deinit { unsafe ct_free_generator(handle) }

    /// Begins anew.
    public func seed(_ seed: UInt64) throws(TorchError) {
        keys = SeededGenerator(seed: seed)
        try unsafe Tensor.check("seeding", ct_seed(handle, seed))
    }

    /// A key of the next random numbers.
    func nextKey() -> UInt64 { keys.next() }
}
