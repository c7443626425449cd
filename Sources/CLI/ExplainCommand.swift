import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tell what would become of one packet and its answer, and by which entries.",
        discussion: """
            Says from the plan alone, without a packet and without privileges, what weft trace tells of the wire: which \
            route, neighbour or forwarding entry decides at each node, and where and why it ends. With --live it goes by \
            what the kernels of a lab have at present, with --host by what this machine's has, and marks what is on the way \
            and not as planned. Exits with 1 if there would be no answer, or not by the planned way. \
            Example: weft explain topologies/calico-two-hosts.json A1 B1
            """
    )

    @OptionGroup var question: QuestionOptions

    @Option(help: "Of the packet, in bytes.")
    var length = 84

    @Option(help: "Explain the present state of this lab's kernels, which was made from the topology.")
    var live: String?

    @Option(
        help: """
            Explain the present state of this machine, which is that host of the topology, all others being as planned; \
            with --live, of that host of the lab.
            """)
    var host: String?

    func validate() throws {
        if !(28...65_535).contains(length) { throw ValidationError("--length takes 28 to 65535 bytes") }
    }

    func run() throws {
        let loaded = try LoadedFile(question.file)
        let asked = try question.question(in: loaded)
        let plan = predict(asked, in: loaded.topology.plannedNetwork)
        let story =
            try present(loaded).map { state in
                let prediction = predict(asked, in: loaded.topology.network(of: state))
                let culprits = prediction.culprits(against: plan, in: state, try planned(loaded, for: state))
                return prediction.story(in: loaded.topology, against: plan, culprits)
            } ?? plan.story(in: loaded.topology)
        question.print(story)
        if !story.isAsExpected { throw CommandOutcome.failed.exitCode }
    }

    private func predict(_ question: PacketStory.Question, in network: ForwardingNetwork) -> Prediction {
        network.predict(question, length: length, mayBeFragmented: false)
    }

    /// What kernels have at present; nil if the plan alone is asked for.
    private func present(_ loaded: LoadedFile) throws -> [String: NamespaceState]? {
        guard live != nil || host != nil else { return nil }
        let index = try host.map { try loaded.host($0) }
        try live.map { try joinLab($0) }
        return try converging { () throws(ApplyError) in
            guard let index else { return try Lab(loaded.topology, source: loaded.source).observedNamespaces() }
            let own = live == nil ? HostNamespaces.Own.current : .named(loaded.topology.hosts[index].name)
            return try loaded.topology.observedNamespaces(ofHost: index, in: HostNamespaces(own: own))
        }
    }

    /// What is to be there. What a lab has filled in for want of room in the kernel's table is as it is to be.
    private func planned(
        _ loaded: LoadedFile, for state: [String: NamespaceState]
    ) throws -> [String: NamespaceState] {
        guard live != nil else {
            let around = try host.map { try loaded.host($0) }
            return around.map(loaded.topology.plannedNamespaces(aroundHost:)) ?? loaded.topology.plannedNamespaces
        }
        var planned = loaded.topology.plannedNamespaces
        for (netns, pins) in Lab(loaded.topology, source: loaded.source).neighbourPins.state.namespaces {
            guard let node = netns.name else { continue }
            for pin in pins.neighbours.sorted where state[node]?.neighbours[pin.identity].map(pin.isSatisfied) ?? false
            {
                planned[node]?.neighbours.insert(pin)
            }
        }
        return planned
    }

    private func joinLab(_ name: String) throws {
        let record = try runningLab(name)
        try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
    }
}
