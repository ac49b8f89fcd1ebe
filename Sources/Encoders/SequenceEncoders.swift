/// The encoders of people's histories, by the name of their network.
public enum SequenceEncoders {
    /// What `souk-train` names the networks.
    public static let names = HistoryEncoder.Kind.allCases.map(\.rawValue) + [RecurrentEncoder.kind, TowerEncoder.kind]

    /// Opens a folder that `souk-train NAME` wrote.
    ///
    /// - Throws: `StorageError` for a folder that is missing, damaged or of another network, `EncoderError` for an unknown name or a shape
    ///   that is not computed.
    public static func open(_ name: String, folder: String) throws -> any SequenceEncoder {
        if name == RecurrentEncoder.kind { return try RecurrentEncoder(folder: folder) }
        if name == TowerEncoder.kind { return try TowerEncoder(folder: folder) }
        return try HistoryEncoder(try attention(name), folder: folder)
    }

    /// Makes an encoder of a network's files.
    ///
    /// - Throws: What `open` throws.
    public static func read(_ files: SequenceFiles) throws -> any SequenceEncoder {
        let source = try SequenceSource(files)
        if files.kind == RecurrentEncoder.kind { return try RecurrentEncoder(source) }
        if files.kind == TowerEncoder.kind { return try TowerEncoder(source) }
        return try HistoryEncoder(try attention(files.kind), source)
    }

    private static func attention(_ name: String) throws(EncoderError) -> HistoryEncoder.Kind {
        guard let kind = HistoryEncoder.Kind(rawValue: name) else {
            throw EncoderError(
                .wrongModel, "There is no network '\(name)'. Networks: \(names.joined(separator: ", ")).")
        }
        return kind
    }
}
