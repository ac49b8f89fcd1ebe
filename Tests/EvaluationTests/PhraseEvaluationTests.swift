import Evaluation
import JSON
import Testing

@Suite struct PhraseEvaluationTests {
    @Test func `first, success and reciprocal rank are those of the definition`() {
        var one = PhraseEvaluation(depth: 3)
        one.add(["a", "b"], wanted: "a", number: 0, seconds: 0.001)
        one.add(["b", "a", "a"], wanted: "a", number: 0, seconds: 0.003)
        var other = PhraseEvaluation(depth: 3)
        other.add(["b", "c", "d", "a"], wanted: "a", number: 1, seconds: 0)
        other.add([], wanted: "a", number: 2, seconds: 0)
        one.add(other)
        #expect(one.ranks == [1, 2, nil, nil] && one.phrases == [0, 0, 1, 2])
        #expect(one.first == 0.25 && one.success == 0.5 && one.meanReciprocalRank == 1.5 / 4)
        #expect(abs(one.milliseconds - 1) < 1e-9)
        #expect(one.json["success@3"]?.doubleValue == 0.5 && one.json["questions"]?.integerValue == 4)
        #expect(PhraseEvaluation(depth: 3).meanReciprocalRank == 0)
    }
}
