/// Speech as 16-bit samples of one channel, 16,000 a second.
public struct Recording: Sendable, Hashable {
    public static let rate = 16_000
    /// A longer recording is refused.
    public static let maximumSeconds = 15
    /// More bytes are refused unread: 15 seconds of two channels at 48 kHz, and some room for other chunks.
    public static let maximumBytes = maximumSeconds * 48_000 * 4 + (64 << 10)
    /// Below this mean amplitude, of 32,768, nothing was said: the loudest silence of a quiet room lies near 50.
    static let quietest = 30.0

    /// Shape `[seconds · rate]`.
    public let samples: [Int16]

    public init(samples: [Int16]) { self.samples = samples }

    public var seconds: Double { Double(samples.count) / Double(Self.rate) }

    /// The loudest tenth of a second, as its root mean square; zero for an empty recording.
    ///
    /// - Complexity: O(samples).
    public var loudness: Double {
        let width = Self.rate / 10
        return stride(from: 0, to: samples.count, by: width).map { start in
            let part = samples[start..<min(samples.count, start + width)]
            let energy = part.reduce(0.0) { $0 + Double($1) * Double($1) }
            return (energy / Double(part.count)).squareRoot()
        }.max() ?? 0
    }

    /// Whether nothing but silence was recorded.
    public var isSilent: Bool { loudness < Self.quietest }
}
