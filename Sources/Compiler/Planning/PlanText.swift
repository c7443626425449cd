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
        /// Equal for lines of which one can stand for all; nil for one that stands for itself.
        var likeness: String?
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
        let told = isVerbose ? plan.toldInFull : plan.told
        let lines = told.map(line) + plan.conflicts.map(line)
        if lines.isEmpty && plan.missingLinks.isEmpty {
            return "host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)\n"
        }
        return (["host \(plan.host)"] + body(lines) + plan.missingLinks.map(missingText) + [plan.summary])
            .joined(separator: "\n") + "\n"
    }

    /// Each line, or the first of many that are alike and what it stands for.
    private func body(_ lines: [Line]) -> [String] {
        let alike = Dictionary(grouping: lines.filter { $0.likeness != nil }, by: \.likeness)
            .filter { !isVerbose && $0.value.count > Self.mostShownAlike }
        var seen: Set<String?> = []
        let shown = lines.filter { alike[$0.likeness] == nil || seen.insert($0.likeness).inserted }
        let nameWidth = min(shown.map(\.name.count).max() ?? 0, 40)
        let wordWidth = min(shown.filter { $0.comment != nil }.map(\.words.count).max() ?? 0, 48)
        return shown.flatMap { line in
            let text = render(line, nameWidth: nameWidth, wordWidth: wordWidth)
            guard let group = alike[line.likeness], let last = group.last else { return [text] }
            let more = "and \(grouped(group.count - 1)) more like it, to \(last.name) (-v shows them)"
            return [text, String(repeating: " ", count: 14) + more]
        }
    }

    private func line(_ change: Change) -> Line {
        Line(
            symbol: change.toldAction.symbol, kind: change.identity.kind, name: change.name(on: plan.host),
            words: words(change), comment: comment(on: change), likeness: change.likeness)
    }

    private func comment(on change: Change) -> String? {
        if change.after == nil { return change.reason }
        let parts = [change.source, change.reason].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
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

    private func render(_ line: Line, nameWidth: Int, wordWidth: Int) -> String {
        let symbol = coloured(padded(line.symbol, to: 3, onLeft: true), by: line.symbol)
        let start = "\(symbol) \(padded(line.kind, to: 9)) \(padded(line.name, to: nameWidth))"
        guard let comment = line.comment else { return trimmed("\(start)  \(line.words)") }
        return "\(start)  \(padded(line.words, to: wordWidth))  # \(comment)"
    }

    private func coloured(_ text: String, by symbol: String) -> String {
        guard isColoured else { return text }
        let code = ["+": "32", "~": "33", "-/+": "35", "-": "31", "!": "1;31"][symbol] ?? "0"
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }

    private func padded(_ text: String, to width: Int, onLeft: Bool = false) -> String {
        let padding = String(repeating: " ", count: max(width - text.count, 0))
        return onLeft ? padding + text : text + padding
    }

    private func trimmed(_ text: String) -> String {
        String(text.reversed().drop { $0 == " " }.reversed())
    }
}

extension Change {
    var isOfLink: Bool { if case .link = resource { true } else { false } }
}

extension Plan {
    /// A shell script of the `ip`, `bridge`, `sysctl` and `nft` commands that do the same.
    package var script: String {
        let commands = changes.flatMap(\.commands)
        return (["# host \(host)"] + commands).joined(separator: "\n") + "\n"
    }
}
