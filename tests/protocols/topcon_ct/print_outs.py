"""Print-outs put together from docs/wire/topcon_ct.md."""


def short(right="16.5", left="17.0", model="CT-80", time="2024/02/05 14:07:00", between=""):
    """Modes 1 and 3."""
    return between.join([f"{model:<10}", f"{time:<19}", f"{right:>9}", f"{left:>9}", ""]).encode("latin-1")


def std2(
    right=("16", "17", "(21)", "16.5"),
    left=("15", "15", "14", "14.7"),
    patient="H-1001",
    work="17",
    machine="0017",
    between="",
):
    """Mode 5."""
    head = [f"{'CT-80':<15}", "01", f"{'1.06':<10}", f"{patient:<13}", f"{work:<13}", f"{machine:<4}"]
    eyes = [f"{text:>6}" for text in (*right, *left)]
    return between.join([*head, f"{'2024/02/05 14:07:00':<20}", *eyes, ""]).encode("latin-1")
