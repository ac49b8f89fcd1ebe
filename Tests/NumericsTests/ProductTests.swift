import Testing

@testable import Numerics

@Suite struct ProductTests {
    @Test(arguments: [(1, 1, 1), (1, 9, 384), (2, 4, 31), (3, 7, 33), (5, 6, 64), (4, 1, 100)])
    func `the kernel gives what plain code gives`(rows: Int, columns: Int, depth: Int) {
        var random = SeededGenerator(seed: UInt64(rows * 1000 + depth))
        func numbers(_ count: Int) -> [Int8] { (0..<count).map { _ in Int8.random(in: -127...127, using: &random) } }
        let (left, right) = (numbers(rows * depth), numbers(columns * depth))
        var target = [Int32](repeating: 0, count: rows * columns)
        Int8Products.multiply(left.span, right.span, depth: depth, into: &target)
        #expect(target == Int8Products.reference(left, right, depth: depth))
    }

    @Test(arguments: TransformerKernelTests.levels)
    func `rows from anywhere give the products of those rows`(level: KernelLevel) {
        for depth in [1, 31, 32, 100, 384] {
            var random = SeededGenerator(seed: UInt64(depth))
            let left = (0..<depth).map { _ in Int8.random(in: -127...127, using: &random) }
            let right = (0..<20 * depth).map { _ in Int8.random(in: -127...127, using: &random) }
            let all = Int8Products.reference(left, right, depth: depth)
            let places: [UInt32] = [19, 0, 7, 7, 3]
            var target = [Int32](repeating: 5, count: 6)
            Int8Products.multiply(left.span, right.span, at: places.span, into: &target, level)
            #expect(target == places.map { all[Int($0)] } + [5])
            Int8Products.multiply(left.span, right.span, at: [UInt32]().span, into: &target, level)
            #expect(target.last == 5)
        }
    }

    @Test func `the largest values do not overflow`() {
        let depth = 4096
        for value: Int8 in [127, -127] {
            let (left, right) = ([Int8](repeating: 127, count: depth), [Int8](repeating: value, count: depth))
            var target: [Int32] = [0]
            Int8Products.multiply(left.span, right.span, depth: depth, into: &target)
            #expect(target == [Int32(depth) * 127 * Int32(value)])
        }
    }

    @Test func `quantised values come back within half a step`() {
        let values: [Float] = [0.5, -1, 0.25, 0, 0.999]
        var numbers = [Int8](repeating: 0, count: 7)
        let factor = Int8Products.quantise(values.span, into: &numbers, at: 1)
        for (place, value) in values.enumerated() {
            #expect(abs(Float(numbers[place + 1]) * factor - value) <= factor / 2 + 1e-6)
        }
        #expect(numbers[0] == 0 && numbers[6] == 0)
        #expect(Int8Products.quantise([Float.nan, .infinity].span, into: &numbers, at: 0) == 0)
        #expect(numbers[0] == 0 && numbers[1] == 0)
    }

    @Test func `a product in single precision is that of rows with rows`() {
        var target = [Float](repeating: 9, count: 5)
        MatrixProduct.multiply([1, 2, 3, 4].span, [5, 6, 7, 8].span, depth: 2, into: &target)
        #expect(target == [17, 23, 39, 53, 9])
    }

    @Test func `each of two matrices may be transposed`() {
        // 2 × 3 with 3 × 2 is 58, 64, 139, 154.
        let (left, right): ([Float], [Float]) = ([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])
        let (leftColumns, rightColumns): ([Float], [Float]) = ([1, 4, 2, 5, 3, 6], [7, 9, 11, 8, 10, 12])
        func product(_ left: [Float], _ right: [Float], _ transposed: MatrixProduct.Transposed) -> [Float] {
            var target = [Float](repeating: 9, count: 5)
            MatrixProduct.multiply(left.span, right.span, transposed: transposed, depth: 3, into: &target)
            return target
        }
        #expect(product(left, right, .neither) == [58, 64, 139, 154, 9])
        #expect(product(leftColumns, right, .left) == [58, 64, 139, 154, 9])
        #expect(product(left, rightColumns, .right) == [58, 64, 139, 154, 9])
    }
}
