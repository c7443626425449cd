extension Diagram {
    /// Graphviz's language: an undirected graph with a cluster for each host.
    package var dot: String {
        let head = [
            "graph \(Self.quotedForDOT([title])) {",
            "  graph [label=\(Self.quotedForDOT([title])), labelloc=t, fontname=\"monospace\", ranksep=0.6]",
            "  node [shape=box, style=filled, fillcolor=\"#f3f6fa\", fontname=\"monospace\", fontsize=11]",
            "  edge [fontname=\"monospace\", fontsize=9]",
        ]
        let clusters = groups.flatMap { group in
            [
                "  subgraph \(Self.quotedForDOT(["cluster \(group.id)"])) {",
                "    label=\(Self.quotedForDOT([group.name]))",
                "    style=rounded",
            ]
                + group.nodes.map { "    " + statement($0) } + ["  }"]
        }
        let lines = head + nodes.map { "  " + statement($0) } + clusters + edges.map { "  " + statement($0) } + ["}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func statement(_ node: Node) -> String {
        let attributes = ["label=\(Self.quotedForDOT(node.label))"] + look(node.kind) + look(node.mark)
        return "\(node.id) [\(attributes.joined(separator: ", "))]"
    }

    private func statement(_ edge: Edge) -> String {
        var attributes = edge.label.isEmpty ? [] : ["label=\(Self.quotedForDOT(edge.label))"]
        if edge.isTunnel { attributes += ["style=dashed", "color=\"#a13c6f\""] }
        attributes += look(edge.mark)
        let ends = "\(edge.from) -- \(edge.to)"
        return attributes.isEmpty ? ends : "\(ends) [\(attributes.joined(separator: ", "))]"
    }

    private func look(_ kind: Kind) -> [String] {
        switch kind {
        case .segment: ["fillcolor=\"#cfe2f7\""]
        case .router: ["shape=ellipse", "fillcolor=\"#fdf0d9\""]
        case .server: ["fillcolor=\"#efe7fa\""]
        case .host: []
        case .container: ["fillcolor=\"#e3f1e6\""]
        case .bridge: ["fillcolor=\"#dfe9f7\""]
        case .tunnel: ["style=\"filled,dashed\"", "fillcolor=\"#fbe8f1\""]
        case .overlay: ["shape=ellipse", "style=\"filled,dashed\"", "fillcolor=\"#fbe8f1\""]
        }
    }

    private func look(_ mark: DrawnWalk.Mark?) -> [String] {
        switch mark {
        case .there: ["color=\"#b3261e\"", "penwidth=3"]
        case .back: ["color=\"#b87100\"", "penwidth=3"]
        case .lost: ["color=\"#b3261e\"", "penwidth=3", "style=\"filled,dotted\""]
        case nil: []
        }
    }
}

extension Diagram {
    /// In Graphviz's quotes, as lines below each other.
    package static func quotedForDOT(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            line.reduce(into: "") { $0 += $1 == "\"" || $1 == "\\" ? "\\\($1)" : String($1) }
        }
        return "\"" + escaped.joined(separator: "\\n") + "\""
    }
}
