import TextAnalysis

/// A word of another script, read as it sounds: names of makers are mostly written so.
extension QueryPlanner {
    /// What a sound costs beside the word itself: scripts do not write all sounds of another.
    private static let soundWeight: Float = 0.8
    /// From so many letters on, two of them may differ.
    private static let longSound = 5

    /// Words of the catalogue that sound like a word that it does not hold, and the step that says so.
    func readings(ofSound text: String) -> (variants: [Variant], step: RelaxationStep)? {
        guard let words = Transliteration.words(of: text) else { return nil }
        let sound = Array(words.joined())
        let variants = variants(ofSound: sound) ?? (words.count > 1 ? phrase(ofSounds: words).map { [$0] } : nil)
        guard let variants else { return nil }
        return (variants, .transliteration(from: text, to: variants.map(\.text)))
    }

    private func variants(ofSound sound: [UInt8]) -> [Variant]? {
        let token = analyzer.token(sound)
        if documentFrequency(token.term) > 0 {
            return [Variant(terms: [token.term], weight: Self.soundWeight, kind: .translation, text: token.text)]
        }
        let near = corrections(of: sound, limit: sound.count >= Self.longSound ? 2 : 1).prefix(3)
        guard let best = near.first else { return nil }
        return near.filter { $0.likelihood >= 0.5 * best.likelihood }.map {
            Variant(terms: [$0.term], weight: Self.soundWeight, kind: .translation, text: $0.text)
        }
    }

    /// A sound of several words, all of which some item holds.
    private func phrase(ofSounds words: [[UInt8]]) -> Variant? {
        let tokens = words.map { analyzer.token($0) }
        guard together(tokens.map(\.term)) > 0 else { return nil }
        return Variant(
            terms: tokens.map(\.term), weight: Self.soundWeight, kind: .translation,
            text: tokens.map(\.text).joined(separator: " "))
    }
}
