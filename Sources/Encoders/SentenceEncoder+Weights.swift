public import JSON
import Storage

extension SentenceEncoder {
    /// The names of the files in a folder of weights.
    public static let weightsFile = "model.safetensors"
    public static let vocabularyFile = "vocab.txt"
    public static let shapeFile = "config.json"
    /// What `souk-train encoder` writes: the same files under a manifest of this kind and format.
    public static let tunedKind = "sentence-encoder"
    public static let tunedFormat = 1
    /// The manifest's figure that is 1 for an encoder that was measured to be better than the one it began as.
    public static let betterMetric = "better"
    /// The manifest's input with the SHA-256 of the weights that a tuned encoder began as.
    public static let baseInput = "base"

    /// Reads a folder as the publishers of sentence encoders lay it out: weights, vocabulary and `config.json`.
    ///
    /// Weights are single precision, or 8-bit as `quantised(folder:)` writes them.
    /// - Parameter isRounded: Whether weights in single precision are rounded to those of `quantised(folder:)`.
    /// - Throws: `StorageError` for a file that is missing, damaged or does not fit the model, `EncoderError` for another model.
    public init(folder: String, isRounded: Bool = false) throws {
        try self.init(
            folder: folder, weights: SafetensorsFile(path: folder + "/" + Self.weightsFile), isRounded: isRounded)
    }

    /// Reads vocabulary and `config.json` of a folder whose weights are open already.
    init(folder: String, weights: SafetensorsFile, isRounded: Bool) throws {
        let config = try JSONValue(parsing: FileSystem.read(folder + "/" + Self.shapeFile, maximumBytes: 1 << 20))
        let vocabulary = try FileSystem.read(folder + "/" + Self.vocabularyFile, maximumBytes: 64 << 20)
        try self.init(
            weights: weights, isRounded: isRounded, tokenizer: WordPieceTokenizer(vocabulary: vocabulary),
            shape: Shape(config))
    }

    private init(
        weights: SafetensorsFile, isRounded: Bool, tokenizer: WordPieceTokenizer, shape: Shape
    ) throws(StorageError) {
        let reader = WeightReader(file: weights, isRounded: isRounded, shape: shape)
        (self.shape, self.tokenizer) = (shape, tokenizer)
        words = try reader.matrix("embeddings.word_embeddings.weight", shape.vocabulary, shape.width)
        let places = try weights.floats(
            "embeddings.position_embeddings.weight", shape: [shape.positions, shape.width])
        let types = try weights.floats("embeddings.token_type_embeddings.weight", shape: [2, shape.width])
        positions = places.indices.map { places[$0] + types[$0 % shape.width] }
        typeStep = (0..<shape.width).map { types[shape.width + $0] - types[$0] }
        embeddingNorm = try reader.norm("embeddings.LayerNorm")
        var layers: [Layer] = []
        for number in 0..<shape.layers {
            let name = "encoder.layer.\(number)"
            let (width, inner) = (shape.width, shape.inner)
            layers.append(
                Layer(
                    joined: try reader.joined("\(name).attention.self"),
                    output: try reader.dense("\(name).attention.output.dense", width, width),
                    attentionNorm: try reader.norm("\(name).attention.output.LayerNorm"),
                    inner: try reader.dense("\(name).intermediate.dense", inner, width),
                    outer: try reader.dense("\(name).output.dense", width, inner),
                    outputNorm: try reader.norm("\(name).output.LayerNorm")))
        }
        self.layers = layers
    }

    /// The files of a folder of 8-bit weights, a quarter of the size, by name; `folder` holds the single precision ones.
    public static func quantised(folder: String) throws -> [(name: String, bytes: [UInt8])] {
        let config = try FileSystem.read(folder + "/" + shapeFile, maximumBytes: 1 << 20)
        let file = try SafetensorsFile(path: folder + "/" + weightsFile)
        var writer = SafetensorsWriter()
        writer.metadata["quantised"] = "int8 rows"
        for name in file.names {
            // Positions in a row are no weights.
            guard name != "embeddings.position_ids", !name.hasPrefix("pooler."), let dimensions = file.shape(of: name)
            else { continue }
            let values = try file.floats(name, shape: dimensions)
            let isMatrix = name.hasSuffix(".dense.weight") || name.contains(".self.") && name.hasSuffix(".weight")
            guard dimensions.count == 2, isMatrix || name == "embeddings.word_embeddings.weight",
                case .int8(let numbers, let factors) = WeightMatrix.float(values).quantised(depth: dimensions[1])
            else {
                writer.add(name, values, shape: dimensions)
                continue
            }
            writer.add(name, numbers, shape: dimensions)
            writer.add(name + WeightReader.factors, factors, shape: [dimensions[0]])
        }
        let vocabulary = try FileSystem.read(folder + "/" + vocabularyFile, maximumBytes: 64 << 20)
        return [(weightsFile, writer.encoded()), (vocabularyFile, vocabulary), (shapeFile, config)]
    }
}

extension SentenceEncoder.Shape {
    /// Reads `config.json`; refuses what this encoder does not compute.
    public init(_ config: JSONValue) throws(EncoderError) {
        func number(_ name: String, _ range: ClosedRange<Int>) throws(EncoderError) -> Int {
            guard let value = config[name]?.integerValue.flatMap({ Int(exactly: $0) }), range.contains(value) else {
                throw EncoderError(
                    .wrongModel, "config.json: `\(name)` must be from \(range.lowerBound) to \(range.upperBound).")
            }
            return value
        }
        self.init()
        guard config["model_type"]?.stringValue == "bert", config["hidden_act"]?.stringValue == "gelu" else {
            throw EncoderError(.wrongModel, "config.json describes no BERT encoder with GELU: Souk reads no other.")
        }
        width = try number("hidden_size", 8...4096)
        inner = try number("intermediate_size", 8...16_384)
        layers = try number("num_hidden_layers", 1...48)
        heads = try number("num_attention_heads", 1...64)
        vocabulary = try number("vocab_size", 8...1_000_000)
        positions = try number("max_position_embeddings", 8...8192)
        guard width % heads == 0, width / heads % 8 == 0 else {
            throw EncoderError(.wrongModel, "config.json: the width of a head must be a multiple of 8.")
        }
        epsilon = config["layer_norm_eps"]?.doubleValue.map { Float($0) } ?? epsilon
        maximumTokens = min(maximumTokens, positions)
    }
}

/// Reads layers out of a file of weights.
struct WeightReader {
    /// What the name of a matrix's factors ends with.
    static let factors = ".factors"
    let file: SafetensorsFile
    /// Whether matrices in single precision are rounded to 8 bits.
    let isRounded: Bool
    let shape: SentenceEncoder.Shape

    func matrix(_ name: String, _ rows: Int, _ columns: Int) throws(StorageError) -> WeightMatrix {
        guard file.shape(of: name + Self.factors) != nil else {
            let matrix = WeightMatrix.float(try file.floats(name, shape: [rows, columns]))
            return isRounded ? matrix.quantised(depth: columns) : matrix
        }
        return .int8(
            try file.int8s(name, shape: [rows, columns]),
            factors: try file.floats(name + Self.factors, shape: [rows]))
    }

    func dense(_ name: String, _ width: Int, _ depth: Int) throws(StorageError) -> DenseLayer {
        DenseLayer(
            depth: depth, weights: try matrix("\(name).weight", width, depth),
            bias: try file.floats("\(name).bias", shape: [width]))
    }

    /// Query, key and value as one layer.
    func joined(_ name: String) throws(StorageError) -> DenseLayer {
        let width = shape.width
        var weights = try matrix("\(name).query.weight", width, width)
        var bias = try file.floats("\(name).query.bias", shape: [width])
        for part in ["key", "value"] {
            let lower = try matrix("\(name).\(part).weight", width, width)
            guard let both = weights.above(lower) else {
                throw StorageError(.unknownFormat, "\(name): 8-bit weights beside others. Write the model anew.")
            }
            weights = both
            bias += try file.floats("\(name).\(part).bias", shape: [width])
        }
        return DenseLayer(depth: width, weights: weights, bias: bias)
    }

    func norm(_ name: String) throws(StorageError) -> LayerNorm {
        LayerNorm(
            weight: try file.floats("\(name).weight", shape: [shape.width]),
            bias: try file.floats("\(name).bias", shape: [shape.width]), epsilon: shape.epsilon)
    }
}
