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

    /// Changes that are like one another: how many, and the last of them.
    private struct Alike {
        var count: Int
        var last: Int
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
        let likenesses = told.map(\.likeness)
        var groups = groups(likenesses)
        return told.indices.compactMap { index in
            guard let likeness = likenesses[index], let alike = groups[likeness] else { return line(told[index]) }
            if alike.count == 0 { return nil }
            groups[likeness]?.count = 0
            var first = line(told[index])
            first.alike = alike
            return first
        }
    }

    /// Those of which one line stands for all.
    private func groups(_ likenesses: [Likeness?]) -> [Likeness: Alike] {
        var groups: [Likeness: Alike] = [:]
        for (index, likeness) in likenesses.enumerated() {
            guard let likeness else { continue }
            groups[likeness, default: Alike(count: 0, last: index)].count += 1
            groups[likeness]?.last = index
        }
        return groups.filter { $0.value.count > Self.mostShownAlike }
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
