/// What a shop's artefact keeps of the network that it took, so that the next one can be compared with it.
public struct NetworkRecord: Sendable {
    /// Figures of the network, for the manifest.
    public var metrics: [String: Double]
    /// Where it came from, for the manifest.
    public var inputs: [String: String]
    public var files: [(name: String, bytes: [UInt8])]

    public init(
        metrics: [String: Double] = [:], inputs: [String: String] = [:], files: [(name: String, bytes: [UInt8])] = []
    ) {
        (self.metrics, self.inputs, self.files) = (metrics, inputs, files)
    }
}
