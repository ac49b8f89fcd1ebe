import Testing
import Torch

@Suite struct TensorTests {
    @Test func `numbers come back as they went in, with their shape`() throws {
        let floats = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        #expect(floats.shape == [2, 3])
        #expect(try floats.floats() == [1, 2, 3, 4, 5, 6])
        let integers = try Tensor([7, -9] as [Int64], shape: [2])
        #expect(integers.type == .integer)
        #expect(try integers.integers() == [7, -9])
        #expect(try floats.transposed(0, 1).floats() == [1, 4, 2, 5, 3, 6])
    }

    @Test func `an empty tensor has no numbers`() throws {
        #expect(try Tensor([] as [Float], shape: [0, 3]).floats().isEmpty)
    }

    @Test func `shapes that do not fit give an error with the operation and the shapes`() throws {
        let left = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        let error = #expect(throws: TorchError.self) { try left.matmul(left) }
        #expect(error?.operation == "aten::matmul")
        #expect(error?.shapes == [[2, 3], [2, 3]])
        #expect("\(try #require(error))".contains("aten::matmul on [2, 3], [2, 3]: mat1 and mat2"))
    }

    @Test func `too few numbers for a shape are refused`() {
        #expect(throws: TorchError.self) { try Tensor([1, 2] as [Float], shape: [3]) }
        #expect(throws: TorchError.self) { try Tensor([1] as [Float], shape: [-1]) }
    }

    @Test func `a device that does not exist is refused`() {
        #expect(throws: TorchError.self) { try Tensor([1] as [Float], shape: [1], device: Device("nothing")) }
        #expect(throws: TorchError.self) { try RandomSource(seed: 1, device: Device("nothing")) }
    }

    @Test func `reading numbers as another type is refused`() throws {
        let tensor = try Tensor([1, 2] as [Float], shape: [2])
        #expect(throws: TorchError.self) { try tensor.integers() }
        #expect(throws: TorchError.self) { try tensor.item() }
    }

    @Test func `an unknown operator, a missing and a wrong argument are refused`() throws {
        let tensor = try Tensor([1, 2] as [Float], shape: [2])
        #expect(throws: TorchError.self) { try Tensor.call("aten::no_such_thing", "", [.tensor(tensor)]) }
        #expect(throws: TorchError.self) { try Tensor.call("aten::matmul", "", [.tensor(tensor)]) }
        #expect(throws: TorchError.self) { try Tensor.call("aten::matmul", "", [.tensor(tensor), .flag(true)]) }
        #expect(throws: TorchError.self) { try tensor.embedding(of: tensor) }
    }

    @Test func `gradients add up until they are cleared`() throws {
        let tensor = try Tensor([3, -2] as [Double], shape: [2])
        try tensor.requireGradient()
        #expect(try tensor.gradient() == nil)
        try (try tensor * tensor).sum().backward()
        #expect(try tensor.gradient()?.doubles() == [6, -4])
        try (try tensor * tensor).sum().backward()
        #expect(try tensor.gradient()?.doubles() == [12, -8])
        try tensor.clearGradient()
        #expect(try tensor.gradient() == nil)
    }

    @Test func `nothing is recorded without gradients, and recording comes back after an error`() throws {
        let tensor = try Tensor([3] as [Double], shape: [1])
        try tensor.requireGradient()
        let silent = try Runtime.withoutGradients { try (try tensor * tensor).sum() }
        #expect(throws: TorchError.self) { try silent.backward() }
        #expect(throws: TorchError.self) {
            try Runtime.withoutGradients { try tensor.matmul(try Tensor([1, 2] as [Double], shape: [2])) }
        }
        try (try tensor * tensor).sum().backward()
        #expect(try tensor.gradient()?.doubles() == [6])
    }

    @Test func `the same seed drops the same numbers`() throws {
        let ones = try Tensor([Float](repeating: 1, count: 64), shape: [64])
        func dropped(_ seed: UInt64) throws -> [Float] {
            try ones.dropout(rate: 0.5, using: try RandomSource(seed: seed)).floats()
        }
        let first = try dropped(4)
        #expect(try dropped(4) == first)
        #expect(try dropped(5) != first)
        #expect(Set(first) == [0, 2])
        #expect(
            try ones.dropout(rate: 0, using: try RandomSource(seed: 4)).floats() == [Float](repeating: 1, count: 64))
    }

    @Test func `the number of threads can be set`() throws {
        let before = Runtime.threads
        try Runtime.setThreads(2)
        #expect(Runtime.threads == 2)
        try Runtime.setThreads(before)
    }
}
