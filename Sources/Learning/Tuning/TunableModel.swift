import Recommenders

/// A model whose parameters a search may set.
struct TunableModel<Material: Sendable, Model>: Sendable {
    /// Makes models of one training set; what does not depend on the parameters is trained once.
    typealias Trainer = @Sendable (_ values: [Double]) -> Model

    let name: String
    let space: SearchSpace
    let prepare: @Sendable (Material) -> Trainer

    /// That of a name.
    ///
    /// - Throws: `unusable` for a name that is none's.
    static func named(_ name: String, of all: [TunableModel]) throws(LearningError) -> TunableModel {
        guard let model = all.first(where: { $0.name == name }) else {
            throw LearningError(
                .unusable,
                "'\(name)' has no parameters to tune. Models: \(all.map(\.name).joined(separator: ", ")).")
        }
        return model
    }
}

typealias TunableSequenceModel = TunableModel<PurchaseSequences, any SequenceModel>
typealias TunableBasketModel = TunableModel<TrainingSet, BasketPredictor>
