import Domain
public import Encoders
public import Storage

/// How likely a person is to buy an item within some days, by a perceptron that `souk-train purchase` taught of the ranker's features.
///
/// It orders what the hybrid proposes, and proposes nothing itself. Rows are computed by the code that the network was taught with, from
/// the models in service.
public struct PurchaseScorer: NetworkVoice {
    public static let name = "purchase"
    /// Kind and format of the shop's artefact that holds it.
    public static let artefactKind = name
    public static let artefactFormat = 1

    private let encoder: PurchaseEncoder

    /// - Throws: `corrupt` for a network that was taught with other features than those of this version.
    public init(_ encoder: PurchaseEncoder) throws(StorageError) {
        guard encoder.features == PurchaseExamples.features else {
            throw StorageError(
                .corrupt,
                "The network of purchases was taught with \(encoder.features.count) features that are not the ranker's "
                    + "\(PurchaseExamples.features.count) of this version. Run `souk-train purchase --shop DIR` again.")
        }
        self.encoder = encoder
    }

    /// Opens the artefact that `souk train` wrote.
    public init(artefact folder: String) throws {
        try self.init(
            PurchaseEncoder(
                try Artefact.open(folder: folder, kind: Self.artefactKind, formatVersion: Self.artefactFormat)))
    }

    /// Nothing for somebody without a history: the network learned from people who have one.
    ///
    /// - Complexity: That of the ranker's rows, of the first stage, and O(items × weights).
    func logits(
        of list: [ItemNumber], for context: RecommendationContext, beside hybrid: RankedBasketModel
    ) -> [Double?]? {
        guard !context.history.isEmpty, !list.isEmpty else { return nil }
        let rows = hybrid.evidence.rows(of: list.map(\.rawValue), hybrid.evidence.asked(context))
        return encoder.logits(of: rows).map { Double($0) }
    }
}
