import Domain
import Recommenders
import Storage

/// The rankers of models that were trained before, for a training that keeps them: `souk train --warm`.
struct KeptRankers: Sendable {
    /// Where the artefact's manifest says until when its rankers learned; they may be older than the counts beside them.
    static let untilInput = "rankers_until"
    /// Rankers that learned longer ago than this are taught anew.
    static let mostDays = 28.0

    /// They learned from nothing at or after it.
    let until: Timestamp
    let model: RankedBasketModel

    /// What a training must share with the rankers that it keeps.
    struct Wanted: Hashable, Sendable {
        let now: Timestamp
        /// How many people were erased so far.
        let erasures: Int
        /// What is not as shipped, as the manifest has it; `nil` if all is.
        let parameters: String?
        /// Whether networks speak beside the trees with these parameters.
        let hasNetwork: Bool
    }

    /// Why rankers are taught anew.
    struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    /// Takes the rankers out of an artefact.
    ///
    /// - Parameter name: The artefact, by its place in the shop's folder.
    /// - Parameter folder: The shop's folder.
    /// - Throws: `Refusal` where they cannot be kept; `StorageError` for an artefact that is damaged.
    init(_ name: String, in folder: String, for wanted: Wanted) throws {
        let path = "\(folder)/\(name)"
        let artefact = try Artefact(folder: path, verify: .sizes)
        let inputs = artefact.manifest.inputs
        // Models of before have one moment for all.
        guard artefact.manifest.version == RecommenderModels.artefactFormat,
            let until = (inputs[Self.untilInput] ?? inputs[RecommenderModels.untilInput])
                .flatMap({ Timestamp(iso8601: $0) })
        else { throw Refusal("\(name) is of another version of this program") }
        guard inputs["parameters"] == wanted.parameters else {
            throw Refusal("\(name) was trained with other parameters")
        }
        guard until <= wanted.now else {
            throw Refusal("those of \(name) learned from events after \(wanted.now.dateDescription)")
        }
        guard wanted.now.days(since: until) <= Self.mostDays else {
            throw Refusal("those of \(name) learned more than \(Int(Self.mostDays)) days ago")
        }
        guard inputs["erasures"].flatMap({ Int($0) }) == wanted.erasures else {
            throw Refusal("those of \(name) learned from somebody who was erased since")
        }
        let model = try RankedBasketModel(loading: path)
        guard model.hasRanker else { throw Refusal("\(name) had too little to learn from") }
        guard model.hasNetwork == wanted.hasNetwork else {
            throw Refusal("\(name) was trained before networks spoke beside the trees")
        }
        (self.until, self.model) = (until, model)
    }
}
