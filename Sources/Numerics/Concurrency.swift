import Dispatch
import Foundation

/// How many threads building takes.
public let buildThreads = min(4, max(1, ProcessInfo.processInfo.activeProcessorCount))

/// Maps elements on threads side by side; the results are in the elements' order.
public func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @Sendable (Element) -> Result
) -> [Result] {
    guard elements.count > 1 else { return elements.map(body) }
    return unsafe [Result](unsafeUninitializedCapacity: elements.count) { buffer, count in
        // Each iteration writes to its own place; all have ended before the buffer is read.
        nonisolated(unsafe) let places = unsafe buffer
        DispatchQueue.concurrentPerform(iterations: elements.count) { index in
            unsafe places.initializeElement(at: index, to: body(elements[index]))
        }
        count = elements.count
    }
}

extension Array where Element: Sendable {
    /// Changes the first elements on threads side by side.
    public mutating func concurrentlyForEach(first count: Int, _ body: @Sendable (Int, inout Element) -> Void) {
        guard count > 1 else { return body(0, &self[0]) }
        unsafe withUnsafeMutableBufferPointer { buffer in
            // Each iteration has an element of its own.
            nonisolated(unsafe) let places = unsafe buffer
            DispatchQueue.concurrentPerform(iterations: count) { index in unsafe body(index, &places[index]) }
        }
    }
}
