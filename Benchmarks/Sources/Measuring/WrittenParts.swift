import Foundation

/// A document of which a program writes some parts, each between two marks with its name, and people the rest.
package struct WrittenParts: Sendable {
    package private(set) var text: String

    /// Where parts that are new are put: before this line.
    private let end: String

    /// Nil if `text` has not just one line `end`.
    package init?(_ text: String, end: String) {
        guard text.components(separatedBy: end).count == 2 else { return nil }
        (self.text, self.end) = (text, end)
    }

    /// Puts `content` in the place of the part `name`, or behind all others; nothing else is touched.
    package mutating func put(_ content: String, as name: String) {
        let (first, last) = ("<!-- \(name), from here -->\n", "<!-- \(name), to here -->\n")
        let part = "\(first)\n\(content)\n\(last)"
        if let start = text.range(of: first), let finish = text.range(of: last, range: start.upperBound..<text.endIndex)
        {
            text.replaceSubrange(start.lowerBound..<finish.upperBound, with: part)
        } else if let place = text.range(of: end) {
            text.insert(contentsOf: part + "\n", at: place.lowerBound)
        }
    }
}
