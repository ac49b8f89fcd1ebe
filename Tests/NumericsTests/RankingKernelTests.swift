import Foundation
import Testing

@testable import Numerics

@Suite struct RankingKernelTests {
    /// People, items and biases by the formula in double precision, one triple after the other.
    private func expected(
        _ people: [[Double]], _ items: [[Double]], _ biases: [Double], _ triples: [[Int]], rate: Double, decay: Double
    ) -> (people: [[Double]], items: [[Double]], biases: [Double]) {
        var (people, items, biases) = (people, items, biases)
        let keep = 1 - rate * decay
        for triple in triples {
            let (x, y, z) = (people[triple[0]], items[triple[1]], items[triple[2]])
            let margin =
                x.indices.reduce(0) { $0 + x[$1] * (y[$1] - z[$1]) } + biases[triple[1]] - biases[triple[2]]
            let pull = rate / (1 + exp(margin))
            people[triple[0]] = x.indices.map { keep * x[$0] + pull * (y[$0] - z[$0]) }
            items[triple[1]] = x.indices.map { keep * y[$0] + pull * x[$0] }
            items[triple[2]] = x.indices.map { keep * z[$0] - pull * x[$0] }
            biases[triple[1]] = keep * biases[triple[1]] + pull
            biases[triple[2]] = keep * biases[triple[2]] - pull
        }
        return (people, items, biases)
    }

    @Test(arguments: TrainingKernelTests.levels)
    func `steps are those of the formula, one after the other`(level: KernelLevel) {
        for width in [8, 24, 64] {
            var random = SeededGenerator(seed: UInt64(width))
            func row() -> [Double] { (0..<width).map { _ in Double(Float(random.unit() - 0.5)) } }
            let (people, items) = ((0..<3).map { _ in row() }, (0..<7).map { _ in row() })
            let biases = (0..<7).map { _ in Double(Float(random.unit() - 0.5)) }
            let triples = (0..<50).map { step in [step % 3, step * 5 % 7, (step * 5 + 1 + step % 5) % 7] }
            let wanted = expected(people, items, biases, triples, rate: 0.1, decay: 0.02)
            var x = people.flatMap { $0.map { Float($0) } }
            var y = items.flatMap { $0.map { Float($0) } }
            var b = biases.map { Float($0) }
            unsafe x.withUnsafeMutableBufferPointer { x in
                unsafe y.withUnsafeMutableBufferPointer { y in
                    unsafe b.withUnsafeMutableBufferPointer { b in
                        guard let x = x.baseAddress, let y = y.baseAddress, let b = b.baseAddress else { return }
                        unsafe RankingKernel.steps(
                            people: x, items: y, biases: b, width: width,
                            triples: triples.flatMap { $0.map { UInt32($0) } }, rate: 0.1, decay: 0.02, level)
                    }
                }
            }
            let distance = zip(x + y + b, (wanted.people + wanted.items + [wanted.biases]).flatMap(\.self))
                .map { abs(Double($0) - $1) }.max()
            #expect((distance ?? 1) < 1e-5)
        }
    }
}
