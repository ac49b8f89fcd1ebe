import Recommenders
import Storage

extension Workbench {
    /// The networks that are published, by role: the newest, unless it was measured to be worse than the one in service, or learned
    /// from somebody who was erased since.
    struct ChosenNetworks {
        /// Their places, by the kind of the artefact.
        var names: [String: String] = [:]
        /// What was found worse and is published all the same.
        var allowed: [String] = []
        /// How many people had been erased when they learned; the largest number without any.
        var erasures = Int.max
    }

    /// - Parameter served: What the publication in service names.
    func chooseNetworks(
        served: [String: String], allowsWorse: Bool, _ note: (String) -> Void
    ) throws -> ChosenNetworks {
        var chosen = ChosenNetworks()
        let erased = try store.erasureCount()
        for role in NetworkRole.allCases {
            guard let version = try versions(in: networkFolder(role)).last else { continue }
            let newest = "models/\(role.kind)/\(version)"
            guard try erasures(ofNetwork: newest) == erased else {
                note(
                    "\(newest) is not published: it learned from somebody who was erased since. Train it again with souk-train, "
                        + "then run souk train.")
                continue
            }
            // One that is gone, or must go, is not compared with.
            let other = try served[role.kind].flatMap { try erasures(ofNetwork: $0) == erased ? $0 : nil }
            let found = try chooseNetwork(newest, served: other, role, allowsWorse: allowsWorse, note)
            chosen.names[role.kind] = found.name
            chosen.erasures = erased
            if let words = found.allowed { chosen.allowed.append(words) }
        }
        return chosen
    }

    private func chooseNetwork(
        _ candidate: String, served: String?, _ role: NetworkRole, allowsWorse: Bool, _ note: (String) -> Void
    ) throws -> (name: String, allowed: String?) {
        guard let served, candidate != served else { return (candidate, nil) }
        let (verdict, words) = try verdict(on: candidate, served: served, role)
        guard case .worse = verdict else {
            note("\(candidate): \(words).")
            return (candidate, nil)
        }
        guard allowsWorse else {
            note("\(candidate) is not published: \(words). \(served) stays in service.")
            return (served, nil)
        }
        note("\(candidate): \(words). It is published all the same.")
        return (candidate, words)
    }

    /// What the measures of two networks of the shop say of the first.
    private func verdict(
        on candidate: String, served: String, _ role: NetworkRole
    ) throws -> (PublishingGuard.Verdict, words: String) {
        let (own, other) = ("\(folder.path)/\(candidate)", "\(folder.path)/\(served)")
        switch role {
        case .sequence:
            let verdict = PublishingGuard(
                candidate: try TrainingMeasure(folder: own), served: try TrainingMeasure(folder: other), name: served)
            return (verdict.verdict, verdict.words)
        case .purchase:
            let verdict = NetworkGuard(
                candidate: try NetworkMeasure(folder: own), served: try NetworkMeasure(folder: other))
            return (verdict.verdict, verdict.words)
        }
    }

    /// How many people had been erased when a network learned; `nil` for one that is gone, 0 where nobody knows.
    private func erasures(ofNetwork name: String) throws -> Int? {
        let path = "\(folder.path)/\(name)"
        guard FileSystem.exists(path) else { return nil }
        return try Artefact(folder: path, verify: .sizes).manifest.inputs["erasures"].flatMap { Int($0) } ?? 0
    }
}
