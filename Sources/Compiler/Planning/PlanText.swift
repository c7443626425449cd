package import NetworkState

/// A plan as people read it: a line a change, aligned, with where the topology says so.
package struct PlanText {
    private struct Line {
        let symbol: String
        let kind: String
        let name: String
        let words: String
        let comment: String?
    }

    private let plan: Plan
    private let isColoured: Bool

    package init(_ plan: Plan, isColoured: Bool = false) {
        self.plan = plan
        self.isColoured = isColoured
    }

    package var text: String {
        let lines = plan.told.map(line) + plan.conflicts.map(line)
        if lines.isEmpty && plan.missingLinks.isEmpty {
            return "host \(plan.host): nothing to change (\(grouped(plan.unchanged)) unchanged)\n"
        }
        let nameWidth = min(lines.map(\.name.count).max() ?? 0, 40)
        let wordWidth = min(lines.filter { $0.comment != nil }.map(\.words.count).max() ?? 0, 48)
        let body = lines.map { render($0, nameWidth: nameWidth, wordWidth: wordWidth) }
        return (["host \(plan.host)"] + body + plan.missingLinks.map(missingText) + [plan.summary])
            .joined(separator: "\n") + "\n"
    }

    private func line(_ change: Change) -> Line {
        Line(
            symbol: change.toldAction.symbol, kind: change.identity.kind, name: change.name(on: plan.host),
            words: words(change), comment: comment(on: change))
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
        guard let before = change.before, let after = change.after else {
            return text(change.resource)
        }
        if before == after { return "goes and comes back with its link" }
        if case .table = after { return ruleDifferences(from: before, to: after).joined(separator: "; ") }
        let forces = change.action == .replace ? " (forces replacement)" : ""
        return differences(from: before, to: after).joined(separator: ", ") + forces
    }

    /// A table's rules, which are many words each, or any other resource's attributes.
    private func text(_ resource: Resource) -> String {
        if case .table = resource { return resource.attributes.map(word).joined(separator: "; ") }
        return resource.attributes.map(word).joined(separator: " ")
    }

    /// The rules that go and those that come; their order counts, and one may be there twice.
    private func ruleDifferences(from before: Resource, to after: Resource) -> [String] {
        after.attributes.difference(from: before.attributes).map { difference in
            switch difference {
            case .insert(_, let rule, _): "+ \(rule)"
            case .remove(_, let rule, _): "- \(rule)"
            }
        }
    }

    /// `mtu 1500 -> 9000`, for what `after` declares and `before` has otherwise.
    private func differences(from before: Resource, to after: Resource) -> [String] {
        let old = Dictionary(before.attributes.map { ($0.name, $0) }) { first, _ in first }
        let new = Dictionary(after.attributes.map { ($0.name, $0) }) { first, _ in first }
        let changed = after.attributes.filter { old[$0.name] != $0 }.map { attribute in
            guard let former = old[attribute.name] else { return "+ \(word(attribute))" }
            if attribute.value.isEmpty { return "- \(word(former))" }
            return "\(attribute.name == "=" ? "" : attribute.name + " ")\(former.value) -> \(attribute.value)"
        }
        guard case .route = after else { return changed }
        return changed + before.attributes.filter { new[$0.name] == nil }.map { "- \(word($0))" }
    }

    private func word(_ attribute: Attribute) -> String {
        attribute.name == "type" ? attribute.value : attribute.description
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

extension Plan {
    /// A shell script of the `ip`, `bridge`, `sysctl` and `nft` commands that do the same.
    package var script: String {
        let commands = changes.flatMap(\.commands)
        return (["# host \(host)"] + commands).joined(separator: "\n") + "\n"
    }
}
