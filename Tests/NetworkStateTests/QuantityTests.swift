import NetworkState
import Testing

/// What topologies and options alike read and write with a unit.
struct QuantityTests {
    @Test(arguments: [
        ("10Mbit", UInt64(10_000_000)), ("10mbit", 10_000_000), ("1.5gbit", 1_500_000_000), ("500kbit", 500_000),
        ("8bit", 8),
    ])
    func `a rate is in bits a second, whatever the case of its unit`(_ text: String, _ rate: UInt64) {
        #expect(Quantity.rate.parse(text) == rate)
    }

    @Test(arguments: ["", "10", "Mbit", "-1Mbit", "10 Mbit", "1bit", "10MB", "2000Gbit"])
    func `what is no rate is refused`(_ text: String) {
        #expect(Quantity.rate.parse(text) == nil)
    }

    @Test(arguments: [("5%", 0.05), ("0.5%", 0.005), ("100%", 1), ("0%", 0)])
    func `a share is a part of all`(_ text: String, _ share: Double) throws {
        #expect(abs(try #require(Quantity.share.parse(text)) - share) < 1e-12)
    }

    @Test(arguments: ["101%", "5", "%", "-5%", "0.05"])
    func `what is no share is refused`(_ text: String) {
        #expect(Quantity.share.parse(text) == nil)
    }

    @Test func `a length of time has a limit of its user's`() {
        #expect(Quantity.duration(upTo: .seconds(3600)).parse("1h") == .seconds(3600))
        #expect(Quantity.duration(upTo: .seconds(3600)).parse("61m") == nil)
    }

    @Test(arguments: [
        (Impairment(loss: 0.05, rate: 10_000_000, delay: .milliseconds(20)), "delay 20ms loss 5% rate 10Mbit"),
        (Impairment(loss: 1), "loss 100%"), (Impairment(loss: 214_748_365 / 4_294_967_295), "loss 5%"),
        (Impairment(loss: 0.00125), "loss 0.125%"), (Impairment(rate: 1_500_000), "rate 1500kbit"),
        (Impairment(delay: .microseconds(500)), "delay 0.5ms"), (Impairment(delay: .zero), ""),
    ])
    func `an impairment is written as tc reads it`(_ impairment: Impairment, _ text: String) {
        #expect(impairment.text == text)
        #expect(impairment.isNone == text.isEmpty)
    }
}
