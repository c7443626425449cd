import Applier
import ArgumentParser
import Compiler
import Netlink
import NetnsHarness
import NetworkState

struct LabImpairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "impair",
        abstract: "Have a wire of a lab lose, delay or slow down packets, each way, or set it down.",
        discussion: """
            It replaces what the wire has suffered before, and lasts until --clear or until the wire goes. Takes netem of the \
            kernel's, or what comes near it: weft doctor tells. Example: weft lab impair demo A--lan --loss 10%
            """
    )

    @Argument(help: "The lab.")
    var lab: String

    @Argument(help: "A wire: by the nodes at its ends, A--B, or by a link at one of them, A:eth0.")
    var wire: String

    @Option(help: "The part of all packets that is lost, as 10%.")
    var loss: ShareArgument?

    @Option(help: "How much it carries a second, as 10Mbit.")
    var rate: RateArgument?

    @Option(help: "How long each packet takes more, as 20ms.")
    var delay: DurationArgument?

    @Flag(help: "Set it down, at the link that is named, or else at the switch's or host's end.")
    var down = false

    @Flag(help: "Set it up, with the routes that went with it.")
    var up = false

    @Flag(help: "Take away what impairs it.")
    var clear = false

    private var impairment: Impairment {
        Impairment(loss: loss?.share ?? 0, rate: rate?.rate, delay: delay?.duration)
    }

    func validate() throws {
        if down && up { throw ValidationError("a wire is set either --down or --up") }
        let isImpaired = loss != nil || rate != nil || delay != nil
        if clear && isImpaired { throw ValidationError("--clear takes away what the other options would give") }
        if isImpaired && impairment.isNone {
            throw ValidationError("that impairs nothing: --clear takes away what does")
        }
        if !(isImpaired || clear || down || up) {
            throw ValidationError("nothing to do: give --loss, --rate, --delay, --down, --up or --clear")
        }
    }

    func run() throws {
        let lab = try standingLab(runningLab(lab))
        switch lab.topology.wire(named: wire) {
        case .failure(let error):
            Terminal.note("\(error)")
            throw ExitCode(64)
        case .success(let (wire, end)):
            try converging { () throws(ApplyError) in try change(wire, at: end, in: lab) }
            try report(wire, in: lab)
        }
    }

    private func change(_ wire: Wire, at end: WireEnd?, in lab: Lab) throws(ApplyError) {
        if clear { try lab.clearImpairment(of: wire) }
        if !impairment.isNone { try lab.impair(wire, impairment) }
        if down { try lab.setDown(end ?? wire.ends[wire.ends.count - 1]) }
        if up { for end in wire.ends { try lab.setUp(end) } }
    }

    private func report(_ wire: Wire, in lab: Lab) throws {
        let states = try converging { () throws(ApplyError) in try lab.states(of: wire) }
        Terminal.print(states.map { "\($0.end)  \($0.state.text)\n" }.joined())
    }
}

/// The lab that `record` tells of. This process moves into it: read every file before.
func standingLab(_ record: LabRecord) throws -> Lab {
    try reporting { () throws(SystemError) in try Seclusion.join(process: record.process) }
    guard let source = try reporting({ () throws(SystemError) in try Lab.rememberedSource() }) else {
        Terminal.note(
            "what lab '\(record.name)' has remembered of its topology cannot be read: weft lab apply mends it")
        throw CommandOutcome.failed.exitCode
    }
    let loaded = try LoadedFile(source)
    return Lab(loaded.topology, source: source)
}
