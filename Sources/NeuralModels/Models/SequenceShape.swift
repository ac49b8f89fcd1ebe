/// The networks that tell the next item from what a person had.
public enum SequenceKind: String, Sendable, Hashable, CaseIterable {
    /// Causal attention (Kang and McAuley, ICDM 2018).
    case sasrec
    /// Causal attention with gates (Tikhonovich et al., RecSys 2025).
    case esasrec
    /// Attention in both directions that tells hidden items (Sun et al., CIKM 2019).
    case bert4rec
    /// Gated recurrent units (Hidasi et al., ICLR 2016).
    case gru4rec
    /// Means of what a person had, and a perceptron (Yi et al., RecSys 2019).
    case twoTower = "two-tower"

    /// Whether it is made of blocks of attention.
    public var hasAttention: Bool { self != .gru4rec && self != .twoTower }
    /// Whether it tells what is hidden, anywhere in a history; else what comes next.
    public var isCloze: Bool { self == .bert4rec }
}

/// How large a sequence network is.
public struct SequenceShape: Sendable, Hashable {
    /// Of items' vectors and of states.
    public var width: Int
    /// Blocks of attention, or recurrent layers.
    public var layers: Int
    /// Of attention.
    public var heads: Int
    /// Width of the perceptron inside a block of attention, or of a person's tower.
    public var inner: Int
    /// The longest history; of longer ones only the end is used.
    public var length: Int
    /// A score is the cosine divided by this; 0 for plain products.
    public var temperature: Double

    public init(
        width: Int = 64, layers: Int = 2, heads: Int = 2, inner: Int = 256, length: Int = 50, temperature: Double = 0.07
    ) {
        (self.width, self.layers, self.heads, self.inner) = (width, layers, heads, inner)
        (self.length, self.temperature) = (length, temperature)
    }

    /// What `souk-train` takes unless told otherwise: the settings of the papers on data of the size of Amazon Beauty.
    public static func usual(_ kind: SequenceKind) -> SequenceShape {
        switch kind {
        case .sasrec, .bert4rec: SequenceShape()
        case .esasrec: SequenceShape(layers: 1, heads: 1)
        case .gru4rec, .twoTower: SequenceShape(layers: 1)
        }
    }
}
