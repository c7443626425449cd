package import NetworkState

/// A plan as people read it: a line a change, aligned, with where the topology says so; of many that are alike, the first
/// and how many more there are.
package struct PlanText {
    private struct Line {
        let symbol: String
        let kind: String
        let name: String
        let words: String
        let comment: String?
        /// What it stands for besides itself.
        var alike: Alike?
    }

    /// Changes that are like one another.
    private struct Alike {
        let first: Int
        var last: Int
        var count: Int
    }

    /// So many lines that are alike are shown each by itself.
    private static let mostShownAlike = 5

    private let plan: Plan
    private let isColoured: Bool
    private let isVerbose: Bool

    /// - `isVerbose`: a line for each change, whatever it is like.
    package init(_ plan: Plan, isColoured: Bool = false, isVerbose: Bool = false) {
        self.plan = plan
        self.isColoured = isColoured
        self.isVerbose = isVerbose
    }

    package var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func write(to bytes: inout [UInt8]) {
        let told = isVerbose ? plan.toldInFull : plan.told
        if told.isEmpty && plan.conflicts.isEmpty && plan.missingLinks.isEmpty {
            bytes.append(line: "host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)")
            return
        }
        bytes.append(line: "host \(plan.host)")
        write(lines(told) + plan.conflicts.map(line), of: told, to: &bytes)
        for missing in plan.missingLinks { bytes.append(line: missingText(missing)) }
        bytes.append(line: plan.summary)
    }

    /// A line for each change, or for the first of many that are alike: what is not shown is never put into words.
    private func lines(_ told: [Change]) -> [Line] {
        if isVerbose { return told.map(line) }
        let (numbers, groups) = groups(of: told)
        return told.indices.compactMap { index in
            guard let number = numbers[index], groups[number].count > Self.mostShownAlike else {
                return line(told[index])
            }
            if groups[number].first != index { return nil }
            var line = line(told[index])
            line.alike = groups[number]
            return line
        }
    }

    /// The number of each change's group, nil for one that stands for itself.
    private func groups(of told: [Change]) -> (numbers: [Int?], groups: [Alike]) {
        var (known, groups): ([Likeness: Int], [Alike]) = ([:], [])
        var numbers: [Int?] = []
        numbers.reserveCapacity(told.count)
        for index in told.indices {
            let isLikeLast = index > 0 && told[index].isPlainlyLike(told[index - 1])
            let number = isLikeLast ? numbers[index - 1] : told[index].likeness.map { known.number(of: $0) }
            numbers.append(number)
            guard let number else { continue }
            if number == groups.count { groups.append(Alike(first: index, last: index, count: 0)) }
            groups[number].count += 1
            groups[number].last = index
        }
        return (numbers, groups)
    }

    private func line(_ change: Change) -> Line {
        Line(
            symbol: change.toldAction.symbol, kind: change.identity.kind, name: change.name(on: plan.host),
            words: words(change), comment: comment(on: change))
    }

    private func comment(on change: Change) -> String? {
        guard change.after != nil, let source = change.source else { return change.reason }
        return change.reason.map { "\(source); \($0)" } ?? source
    }

    private func line(_ conflict: Plan.Conflict) -> Line {
        Line(
            symbol: "!", kind: conflict.held.identity.kind, name: conflict.name(on: plan.host),
            words: conflict.reason, comment: conflict.source)
    }

    private func missingText(_ missing: Plan.MissingLink) -> String {
        let source = missing.source.map { "  # \($0)" } ?? ""
        return "  ! host \(missing.netns.name ?? plan.host) has no link \(missing.link)\(source)"
    }

    private func words(_ change: Change) -> String {
        let notes = [change.action == .replace ? "forces replacement" : nil, change.takes.words].compactMap(\.self)
        let note = notes.isEmpty ? "" : "(\(notes.joined(separator: "; ")))"
        return [difference(change), note].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func difference(_ change: Change) -> String {
        guard let before = change.before, let after = change.after else { return change.resource.words }
        if change.comesBack { return "goes and comes back" + (change.isOfLink ? "" : " with its link") }
        let isOfRules = if case .table = after { true } else { false }
        return after.differences(from: before).joined(separator: isOfRules ? "; " : ", ")
    }
}

// Aligned.
extension PlanText {
    private func write(_ lines: [Line], of told: [Change], to bytes: inout [UInt8]) {
        let nameWidth = min(lines.map(\.name.columns).max() ?? 0, 40)
        let wordWidth = min(lines.map { $0.comment == nil ? 0 : $0.words.columns }.max() ?? 0, 48)
        for line in lines {
            write(line, nameWidth: nameWidth, wordWidth: wordWidth, to: &bytes)
            guard let alike = line.alike else { continue }
            let last = told[alike.last].name(on: plan.host)
            bytes.append(spaces: 14)
            bytes.append(line: "and \(grouped(alike.count - 1)) more like it, to \(last) (-v shows them)")
        }
    }

    private func write(_ line: Line, nameWidth: Int, wordWidth: Int, to bytes: inout [UInt8]) {
        if isColoured { bytes.append("\u{1b}[\(Self.colours[line.symbol] ?? "0")m") }
        bytes.append(spaces: 3 - line.symbol.columns)
        bytes.append(line.symbol)
        if isColoured { bytes.append("\u{1b}[0m") }
        bytes.append(" ")
        bytes.append(line.kind, paddedTo: 9)
        bytes.append(" ")
        bytes.append(line.name, paddedTo: nameWidth)
        bytes.append(spaces: 2)
        guard let comment = line.comment else {
            bytes.append(line.words)
            return bytes.endLine()
        }
        bytes.append(line.words, paddedTo: wordWidth)
        bytes.append(line: "  # \(comment)")
    }

    private static let colours = ["+": "32", "~": "33", "-/+": "35", "-": "31", "!": "1;31"]
}

extension [Likeness: Int] {
    /// The next number for what has none yet.
    fileprivate mutating func number(of likeness: Likeness) -> Int {
        if let number = self[likeness] { return number }
        self[likeness] = count
        return count - 1
    }
}

extension Change {
    var isOfLink: Bool { if case .link = resource { true } else { false } }
}

extension Plan {
    /// A shell script of the `ip`, `bridge`, `sysctl` and `nft` commands that do the same.
    package var script: String {
        var bytes: [UInt8] = []
        writeScript(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    package func writeScript(to bytes: inout [UInt8]) {
        bytes.append(line: "# host \(host)")
        for change in changes {
            for command in change.commands { bytes.append(line: command) }
        }
    }
}
