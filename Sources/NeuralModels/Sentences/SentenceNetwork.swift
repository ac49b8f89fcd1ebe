public import Encoders
internal import JSON
internal import Storage
public import Torch

/// The network of `SentenceEncoder` for training: BERT with mean pooling (Devlin et al., 2019; Reimers and Gurevych, 2019), with
/// the names of its publishers' tensors.
///
/// hidden₀ = norm(word + position + type); blocks of attention and perceptron; the mean over a text's tokens, scaled to length one.
public final class SentenceNetwork {
    /// Texts that go through the network together at most; of like length, so that little is padded.
    static let group = 64

    public let shape: SentenceEncoder.Shape
    public let parameters: Parameters
    private let words: Tensor
    private let positions: Tensor
    private let types: Tensor
    private let norm: LayerNormalisation
    private let dropout: Dropout
    private let blocks: [EncoderBlock]

    /// - Parameter given: First values by the names of tensors; the rest is drawn, normal with deviation 0.02 or as Glorot says.
    /// - Parameter dropout: Of the embeddings and of what each part of a block adds.
    public init(
        shape: SentenceEncoder.Shape, given: [String: [Float]] = [:], dropout rate: Double = 0, seed: UInt64,
        device: Device = .cpu
    ) throws(TorchError) {
        self.shape = shape
        let parameters = try Parameters(seed: seed, device: device, given: given)
        self.parameters = parameters
        let (width, epsilon) = (shape.width, Double(shape.epsilon))
        func table(_ name: String, _ rows: Int) throws(TorchError) -> Tensor {
            try parameters.weight("embeddings.\(name).weight", shape: [rows, width], .normal(deviation: 0.02))
        }
        words = try table("word_embeddings", shape.vocabulary)
        positions = try table("position_embeddings", shape.positions)
        types = try table("token_type_embeddings", 2)
        norm = try LayerNormalisation(parameters, "embeddings.LayerNorm", width: width, epsilon: epsilon)
        dropout = Dropout(parameters, rate: rate)
        var blocks: [EncoderBlock] = []
        for number in 0..<shape.layers {
            blocks.append(
                try EncoderBlock(
                    parameters, Self.block(number), width: width, heads: shape.heads, inner: shape.inner,
                    epsilon: epsilon, dropout: rate))
        }
        self.blocks = blocks
    }

    /// Reads the weights that `SentenceEncoder` reads; in single precision alone.
    ///
    /// - Throws: `StorageError` that names the tensor which is missing or of another shape or type; `EncoderError` for another model.
    public convenience init(folder: String, dropout: Double, seed: UInt64, device: Device = .cpu) throws {
        try self.init(reading: folder, dropout: dropout, seed: seed, device: device)
    }

    /// - Parameter layers: How many of the first blocks are taken; all for `nil`.
    /// - Parameter optional: Names and shapes of further tensors that are given to `parameters` where the file has them.
    /// - Throws: `badData` for more layers than the folder has.
    convenience init(
        reading folder: String, layers: Int? = nil,
        optional: (SentenceEncoder.Shape) -> [(String, [Int])] = { _ in [] },
        dropout: Double, seed: UInt64, device: Device
    ) throws {
        var shape = try SentenceEncoder.Shape(
            JSONValue(parsing: FileSystem.read(folder + "/" + SentenceEncoder.shapeFile, maximumBytes: 1 << 20)))
        if let layers {
            guard (1...shape.layers).contains(layers) else {
                throw NeuralError(.badData, "\(folder) has \(shape.layers) layers: \(layers) cannot be taken of them.")
            }
            shape.layers = layers
        }
        let file = try SafetensorsFile(path: folder + "/" + SentenceEncoder.weightsFile)
        var given: [String: [Float]] = [:]
        for (name, dimensions) in Self.tensors(shape) + optional(shape).filter({ file.shape(of: $0.0) != nil }) {
            given[name] = try file.floats(name, shape: dimensions)
        }
        try self.init(shape: shape, given: given, dropout: dropout, seed: seed, device: device)
        if let name = try parameters.firstNotFinite() {
            throw NeuralError(.damaged, "\(folder): the tensor \(name) holds NaN or infinity. Get the weights again.")
        }
    }

    /// Keeps the embeddings and the first `layers` blocks as they are.
    public func freeze(layers: Int) throws(TorchError) {
        let prefixes = ["embeddings."] + (0..<min(layers, shape.layers)).map { Self.block($0) + "." }
        try parameters.freeze { name in prefixes.contains { name.hasPrefix($0) } }
    }

    private static func block(_ number: Int) -> String { "encoder.layer.\(number)" }

    /// The names and shapes of all tensors.
    static func tensors(_ shape: SentenceEncoder.Shape) -> [(name: String, shape: [Int])] {
        let (width, inner) = (shape.width, shape.inner)
        var tensors: [(name: String, shape: [Int])] = [
            ("embeddings.word_embeddings.weight", [shape.vocabulary, width]),
            ("embeddings.position_embeddings.weight", [shape.positions, width]),
            ("embeddings.token_type_embeddings.weight", [2, width]),
        ]
        func add(_ name: String, _ dimensions: [Int]) {
            tensors += [(name + ".weight", dimensions), (name + ".bias", [dimensions[0]])]
        }
        add("embeddings.LayerNorm", [width])
        for number in 0..<shape.layers {
            let name = block(number)
            for part in ["self.query", "self.key", "self.value", "output.dense"] {
                add("\(name).attention.\(part)", [width, width])
            }
            add("\(name).attention.output.LayerNorm", [width])
            add("\(name).intermediate.dense", [inner, width])
            add("\(name).output.dense", [width, inner])
            add("\(name).output.LayerNorm", [width])
        }
        return tensors
    }

    /// What the last block makes of texts of tokens, padded at their ends.
    ///
    /// - Parameter tokens: Each with at least one token; shape of the result `[texts, longest, width]`.
    /// - Parameter types: The type of each token, as for two texts in one sequence; 0 throughout for `nil`.
    /// - Parameter look: Is shown what comes out of each layer, by the layer's name.
    /// - Returns: The states, and 1 for a token and 0 for padding, shape `[texts, longest]`.
    func states(
        _ tokens: [[Int32]], types kinds: [[Int32]]? = nil, isTraining: Bool,
        look: (Tensor, String) throws(TorchError) -> Void = { _, _ in }
    ) throws(TorchError) -> (states: Tensor, present: Tensor) {
        let longest = tokens.reduce(1) { max($0, $1.count) }
        guard longest <= shape.positions else {
            throw TorchError(
                operation: "embedding texts", shapes: [[tokens.count, longest]],
                reason: "a text has more tokens than there are positions, \(shape.positions)")
        }
        let cells = tokens.count * longest
        var (numbers, kindNumbers) = ([Int64](repeating: 0, count: cells), [Int64](repeating: 0, count: cells))
        var (mask, present) = ([Float](repeating: -.infinity, count: cells), [Float](repeating: 0, count: cells))
        for (row, list) in tokens.enumerated() {
            for (column, token) in list.enumerated() {
                let cell = row * longest + column
                (numbers[cell], mask[cell], present[cell]) = (Int64(token), 0, 1)
                if let kinds { kindNumbers[cell] = Int64(kinds[row][column]) }
            }
        }
        let (device, dimensions) = (parameters.device, [tokens.count, longest])
        let added = try Tensor(mask, shape: [tokens.count, 1, 1, longest], device: device)
        let word = try words.embedding(of: try Tensor(numbers, shape: dimensions, device: device))
        let type = try types.embedding(of: try Tensor(kindNumbers, shape: dimensions, device: device))
        let place = try positions.slice(axis: 0, 0..<longest)
        var hidden = try norm(try (try word + place) + type, isTraining: isTraining)
        hidden = try dropout(hidden, isTraining: isTraining)
        try look(hidden, "embeddings")
        for (number, block) in blocks.enumerated() {
            hidden = try block(hidden, mask: added, isTraining: isTraining)
            try look(hidden, Self.block(number))
        }
        return (hidden, try Tensor(present, shape: dimensions, device: device))
    }

    /// The first layer in which a token's numbers stop being finite, in training; `nil` if none does.
    func firstNotFinite(_ tokens: [[Int32]], types: [[Int32]]? = nil) throws(TorchError) -> String? {
        var found: String?
        for start in stride(from: 0, to: tokens.count, by: Self.group) where found == nil {
            let range = start..<min(tokens.count, start + Self.group)
            _ = try states(
                Array(tokens[range]), types: types.map { Array($0[range]) }, isTraining: true,
                look: { (tensor: Tensor, name: String) throws(TorchError) in
                    if found == nil, try !tensor.isFinite() { found = name }
                })
        }
        return found
    }

    /// Texts of tokens as vectors of length one, shape `[tokens.count, width]`; equal texts are computed once.
    public func vectors(of tokens: [[Int32]], isTraining: Bool) throws(TorchError) -> Tensor {
        var placeOf: [[Int32]: Int] = [:]
        let distinct = Set(tokens).sorted {
            $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count
        }
        for (place, list) in distinct.enumerated() { placeOf[list] = place }
        var parts: [Tensor] = []
        for start in stride(from: 0, to: distinct.count, by: Self.group) {
            let group = Array(distinct[start..<min(distinct.count, start + Self.group)])
            let (states, present) = try states(group, isTraining: isTraining)
            let sums = try (try states * (try present.expanded(at: 2))).sum(axis: 1)
            parts.append(try (try sums / (try present.sum(axis: 1).expanded(at: 1))).lengthNormalised())
        }
        let all = try Tensor.joined(parts, axis: 0)
        let rows = tokens.map { Int64(placeOf[$0] ?? 0) }
        return try all.selected(try Tensor(rows, shape: [rows.count], device: parameters.device))
    }
}
