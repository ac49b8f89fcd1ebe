internal import JSON
internal import Storage

extension PhraseModel {
    static let formatVersion = 1
    public static let weightsFile = "weights.safetensors"
    public static let shapeFile = "shape.json"
    /// The known letters, one text in UTF-8.
    public static let lettersFile = "letters.txt"
    private static let mostLetters = 20_000
    private static let mostBytes = 1 << 20

    /// Reads a folder that `souk-train rewriter` or `souk-train suggester` wrote, whichever it is, and checks all of it.
    ///
    /// - Throws: `StorageError` for a folder that is missing, changed, of another kind or with tensors of other shapes; `EncoderError` for a
    ///   shape or letters that make no such model.
    public init(folder: String) throws {
        let name = try Artefact(folder: folder, verify: .sizes).manifest.kind
        try self.init(Kind(rawValue: name) ?? .rewriter, folder: folder)
    }

    /// - Parameter kind: Which model the folder must hold.
    public init(_ kind: Kind, folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: kind.rawValue, formatVersion: Self.formatVersion, verify: .checksums)
        let shape = try Shape(try ShapeReader(artefact))
        let file = try SafetensorsFile(path: try artefact.path(of: Self.weightsFile))
        let reader = BlockReader(file: file, width: shape.width, inner: shape.inner)
        let text = String(decoding: try artefact.read(Self.lettersFile), as: UTF8.self)
        let scalars = Array(text.unicodeScalars)
        guard (1...Self.mostLetters).contains(scalars.count), Set(scalars).count == scalars.count else {
            throw EncoderError(
                .wrongVocabulary, "\(Self.lettersFile) must hold 1 to \(Self.mostLetters) letters, each once.")
        }
        let (width, count) = (shape.width, LetterTable.first + scalars.count)
        (self.kind, self.shape, letters, seed) = (kind, shape, LetterTable(scalars), artefact.manifest.seed ?? 1)
        embedding = try file.floats("letters", shape: [count, width])
        positions = try file.floats("positions", shape: [shape.length, width])
        blocks = try (0..<shape.blocks).map { try reader.block("decoder.\($0)") }
        norm = try reader.norm("norm")
        output = try file.dense("output", count, width)
        encoder =
            kind == .rewriter
            ? Encoder(
                positions: try file.floats("source.positions", shape: [shape.length, width]),
                blocks: try (0..<shape.blocks).map { try reader.block("encoder.\($0)") },
                norm: try reader.norm("source.norm"),
                crosses: try (0..<shape.blocks).map { number in
                    let name = "decoder.\(number).cross"
                    return Cross(
                        norm: try reader.norm(name + ".norm"), query: try file.dense(name + ".query", width, width),
                        memory: try file.dense(name + ".memory", 2 * width, width),
                        output: try file.dense(name + ".out", width, width))
                }) : nil
    }
}

extension PhraseModel.Shape {
    init(_ reader: ShapeReader) throws(EncoderError) {
        self.init(
            width: try reader.number("width", 8...4096), blocks: try reader.number("blocks", 1...48),
            heads: try reader.number("heads", 1...64), inner: try reader.number("inner", 8...16_384),
            length: try reader.number("length", 2...8192))
        guard width % heads == 0, width / heads % 8 == 0 else {
            throw EncoderError(.wrongModel, "shape.json: the width of a head must be a multiple of 8.")
        }
    }

    /// As `shape.json` holds it.
    public var bytes: [UInt8] {
        let members: [(String, Int)] = [
            ("width", width), ("blocks", blocks), ("heads", heads), ("inner", inner), ("length", length),
        ]
        return JSONValue.object(members.map { .init($0.0, .integer(Int64($0.1))) }).encoded + [0x0A]
    }
}
