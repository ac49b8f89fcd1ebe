internal import CTorch

/// A source of random numbers of libtorch on one device, which belongs to one run: no other run can disturb it.
@safe public final class RandomSource {
    let handle: OpaquePointer

    public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
        var handle: OpaquePointer?
        try unsafe Tensor.check(
            "making a source of random numbers on \(device)", ct_make_generator(device.name, &handle))
        unsafe self.handle = handle!
        try self.seed(seed)
    }

    deinit { unsafe ct_free_generator(handle) }

    /// Begins anew.
    public func seed(_ seed: UInt64) throws(TorchError) { try unsafe Tensor.check("seeding", ct_seed(handle, seed)) }
}
