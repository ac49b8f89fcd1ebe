extension SessionEvaluation {
    /// What part of the sessions of a file are asked for: the newest.
    static let testShare = 0.1

    /// Reads `session item item …` lines, oldest session first; the newest tenth of the sessions is the test.
    ///
    /// - Parameter limit: So many test sessions at most, evenly over those there are.
    public static func readData(path: String, limit: Int) throws(EvaluationError) -> Data {
        let file = try LineFile(path: path)
        var (sessions, known): ([[String]], Set<Substring>) = ([], [])
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = LineFile.fields(line)
            guard fields.count >= 2 else { throw file.error(number, "names a session but no item") }
            guard known.insert(fields[0]).inserted else { throw file.error(number, "repeats session '\(fields[0])'") }
            sessions.append(fields[1...].map(String.init))
        }
        let testCount = max(1, Int((testShare * Double(sessions.count)).rounded()))
        guard sessions.count > 1,
            let data = Data(
                training: Array(sessions.dropLast(testCount)),
                test: sample(Array(sessions.suffix(testCount)), limit: limit))
        else {
            throw EvaluationError(
                .nothingToMeasure,
                "\(path): none of the newest sessions holds two items that earlier sessions hold too.")
        }
        return data
    }

    /// At most `limit` sessions of two items or more, evenly over all.
    public static func sample(_ sessions: [[String]], limit: Int) -> [[String]] {
        let long = sessions.filter { Set($0).count > 1 }
        let step = max(1, (long.count + limit - 1) / max(1, limit))
        return stride(from: 0, to: long.count, by: step).map { long[$0] }
    }
}
