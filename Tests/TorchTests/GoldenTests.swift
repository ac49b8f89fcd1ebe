import Foundation
import JSON
import Testing
import Torch

/// Values in `golden.json` come from PyTorch 1.13 through `golden.py`; tolerance 1e-9 in double precision.
@Suite struct GoldenTests {
    private let golden: JSONValue
    private let start: [Double] = [0.5, -1, 2, 0.25, 1.5, -0.75]
    private let input: [Double] = [1, 2, -1, 0.5, -0.5, 3]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
    }

    @Test(arguments: ["sgd", "momentum", "rmsprop", "adam", "adamw"])
    func `five steps of an optimiser give PyTorch's weights`(name: String) throws {
        let rules: [String: any UpdateRule] = [
            "sgd": GradientDescent(), "momentum": GradientDescent(momentum: 0.9), "rmsprop": RMSProp(), "adam": Adam(),
            "adamw": Adam(weightDecay: 0.05),
        ]
        let weight = try Tensor(start, shape: [2, 3])
        try weight.requireGradient()
        let parameters = try Parameters(seed: 0)
        parameters.adopt("weight", weight)
        let optimiser = try Optimiser(parameters, rule: try #require(rules[name]))
        let (inputs, targets) = (
            try Tensor(input, shape: [2, 3]), try Tensor([1, 0, 0, 1] as [Double], shape: [2, 2])
        )
        for _ in 0..<5 {
            try parameters.clearGradients()
            try Loss.meanSquaredError(try inputs.linear(weight: weight, bias: nil), targets).backward()
            try optimiser.step(rate: 0.1)
        }
        #expect(isClose(try weight.doubles(), try numbers(golden["optimisers"]?[name])))
    }

    @Test(arguments: ["mse", "cross", "smoothed", "binary", "bpr"])
    func `a loss and its gradient are PyTorch's`(name: String) throws {
        let tensor = try Tensor(start, shape: [2, 3])
        try tensor.requireGradient()
        let other = try Tensor(input, shape: [2, 3])
        let classes = try Tensor([2, 0] as [Int64], shape: [2])
        let loss =
            switch name {
            case "mse": try Loss.meanSquaredError(tensor, other)
            case "cross": try Loss.crossEntropy(tensor, classes)
            case "smoothed": try Loss.crossEntropy(tensor, classes, smoothing: 0.1)
            case "binary":
                try Loss.binaryCrossEntropy(tensor, try Tensor(input.map { $0 > 0 ? 1.0 : 0.0 }, shape: [2, 3]))
            default: try Loss.bayesianRanking(positive: tensor, negative: other)
            }
        try loss.backward()
        let expected = try #require(golden["losses"]?[name])
        #expect(abs(try loss.item() - (try #require(expected["value"]?.doubleValue))) < 1e-9)
        #expect(isClose(try #require(try tensor.gradient()).doubles(), try numbers(expected["gradient"])))
    }

    private func numbers(_ value: JSONValue?) throws -> [Double] {
        try #require(value?.arrayValue).compactMap(\.doubleValue)
    }

    private func isClose(_ left: [Double], _ right: [Double]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < 1e-9 }
    }
}
