import Domain
import Encoders
import Recommenders
import Storage

/// What a network that `souk-train` learned from a shop's log is asked beside the ranker.
enum NetworkRole: CaseIterable {
    /// What comes next of a person's history.
    case sequence
    /// Whether a person buys an item within some days.
    case purchase

    /// The kind of the shop's artefact, as a publication names it.
    var kind: String {
        switch self {
        case .sequence: SequenceRecommender.artefactKind
        case .purchase: PurchaseScorer.artefactKind
        }
    }

    var format: Int {
        switch self {
        case .sequence: SequenceRecommender.artefactFormat
        case .purchase: PurchaseScorer.artefactFormat
        }
    }

    /// Kinds of the artefacts that `souk-train` writes, which are the names of its commands.
    var trainers: [String] {
        switch self {
        case .sequence: SequenceEncoders.names
        case .purchase: [PurchaseEncoder.kind]
        }
    }

    var usualTrainer: String {
        switch self {
        case .sequence: "sasrec"
        case .purchase: PurchaseEncoder.kind
        }
    }

    /// Where `souk-train` keeps networks of a shop, below a folder of networks.
    func folders(below parent: String, shop: ShopID) -> [String] {
        switch self {
        case .sequence: trainers.map { "\(parent)/\($0)-\(shop)" }
        case .purchase: trainers.map { "\(parent)/\($0)" }
        }
    }

    /// Whether a network of the kind is computed without libtorch: of those of purchases the perceptron alone is.
    func serves(_ manifest: Manifest) -> Bool {
        switch self {
        case .sequence: true
        case .purchase: manifest.inputs["network"] == PurchaseEncoder.network
        }
    }
}
