import Evaluation
import Testing

@testable import Learning

@Suite struct ListCurvesTests {
    /// One person who wanted items 3 and 7 of ten, of which 4, 3, 1 and 7 are listed.
    private let places = ListCurves.Places(of: [4, 3, 1, 7], wanted: [3, 7])
    private func curves(_ models: [ListCurves.Model], wanted: [Int]) -> ListCurves {
        ListCurves(models: models, wanted: wanted, itemCount: 10)
    }

    @Test func `rates follow the list item by item`() {
        #expect(places == .init(length: 4, found: [1, 3]))
        let model = ListCurves.Model(name: "one", places: [places])
        let rates = curves([model], wanted: [2]).rates(of: model)
        #expect(rates[0] == .init() && rates[1] == .init(recall: 0, precision: 0, fallout: 1 / 8))
        #expect(rates[2] == .init(recall: 0.5, precision: 0.5, fallout: 1 / 8))
        #expect(rates[4] == .init(recall: 1, precision: 0.5, fallout: 2 / 8))
        #expect(rates[8] == .init(recall: 1, precision: 0.25, fallout: 2 / 8))
    }

    @Test func `the area is that of the same order as scores, with what is not listed tied`() throws {
        for wanted: Set<Int> in [[3, 7], [4, 9], [0], [1, 2, 5, 7]] {
            let model = ListCurves.Model(name: "one", places: [.init(of: [4, 3, 1, 7], wanted: wanted)])
            let area = ListCurves.area(curves([model], wanted: [wanted.count]).rates(of: model))
            let scores = (0..<10).map { item in [4, 3, 1, 7].firstIndex(of: item).map { Double(-$0) } ?? -100 }
            let expected = try #require(
                ClassificationMetrics.rocAUC(scores: scores, labels: (0..<10).map(wanted.contains)))
            #expect(abs(area - expected) < 1e-12)
        }
    }

    @Test func `people count alike, and a model without long lists is left out`() {
        let both = ListCurves.Model(name: "both", places: [places, .init(length: 0, found: [])])
        let report = curves([both, .init(name: "none", places: [])], wanted: [2, 1])
        #expect(report.rates(of: both)[4] == .init(recall: 0.5, precision: 0.25, fallout: 1 / 8))
        guard case .table(_, let columns, let rows) = report.blocks.last else { return #expect(Bool(false)) }
        #expect(rows.map(\.first) == ["both"] && columns.count == rows[0].count)
        #expect(rows[0].dropFirst().first == "0.0000" && rows[0][2] == "0.5000")
        #expect(curves([], wanted: []).blocks.isEmpty)
    }
}
