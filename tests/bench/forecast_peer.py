"""The strongest baseline of oom-kills/SOURCE.md on the folds of `jobmedic forecast evaluate --scores scores.csv`: gradient
boosting (scikit-learn's) over 33 features and a learned limit, threshold on a calibration fold. Paired bootstrap over sessions.

    jobmedic forecast evaluate --traces T --devices D --scores scores.csv
    python tests/bench/forecast_peer.py T D scores.csv          (needs numpy, pandas, scikit-learn)
"""
import sys

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score

BUDGET = 0.02


def features(t):
    """33 features of a session's past at each reading."""
    g = t.groupby("session_id", sort=False)
    ws = t.cg_usage_kb - t.cg_cache_kb.fillna(0)
    ws = ws.fillna(t.pss_anon_kb).fillna(t.rss_kb - t.rss_shared_kb)
    t = t.assign(ws=ws)
    g = t.groupby("session_id", sort=False)
    dt = g.t_s.diff().clip(lower=1).fillna(15)
    columns = ["t_s", "nav_level", "rss_kb", "pss_kb", "pss_anon_kb", "vsz_kb", "rss_shared_kb", "threads", "cg_usage_kb",
               "cg_cache_kb", "cg_anon_kb", "cg_failcnt", "ws"]
    x = {name: t[name] for name in columns}
    for name in ("minflt", "majflt", "cpu_ticks", "cg_pgmajfault", "psi_some_us", "cg_failcnt", "ws", "rss_kb", "cg_cache_kb"):
        x["rate_" + name] = g[name].diff() / dt
    for n in (3, 8, 20):
        x[f"mean_{n}"] = g.ws.transform(lambda s: s.rolling(n, 1).mean())
        x[f"above_mean_{n}"] = t.ws - x[f"mean_{n}"]
    x["ewm"] = t.ws - g.ws.transform(lambda s: s.ewm(span=8).mean())
    x["highest"] = g.ws.cummax()
    x["lowest"] = g.ws.cummin()
    x["share_of_budget"] = t.ws / t.budget_kb
    x["budget"] = t.budget_kb
    assert len(x) == 33, len(x)
    return pd.DataFrame(x)


def with_limit(x, t, training):
    """Working set over the 99.5 % quantile, by device type, of the working set over the budget in training sessions."""
    share = x.share_of_budget[training]
    limit = share.groupby(t.device_type[training]).quantile(0.995)
    learned = t.device_type.map(limit).fillna(share.quantile(0.995)) * t.budget_kb
    return x.assign(share_of_limit=x.ws / learned, headroom=learned - x.ws)


class Judge:
    def __init__(self, t, level):
        self.session, self.ids = pd.factorize(t.session_id)
        left = (t.kill_t_s - t.t_s).to_numpy()
        self.urgent = level > 0
        self.in_time = self.urgent & (left >= 60)
        self.killed = self.any(t.killed.to_numpy() == 1)

    def any(self, rows):
        return np.bincount(self.session, rows, len(self.ids)) > 0

    def by_session(self, alert):
        return self.any(alert & self.urgent), self.any(alert & self.in_time), self.any(alert)

    def measures(self, score, alert, times=None):
        times = np.ones(len(self.ids)) if times is None else times
        caught, in_time, alerted = self.by_session(alert)
        kills, alive = times * self.killed, times * ~self.killed
        weight = times[self.session]
        return {"kills": (kills * caught).sum() / kills.sum(), "60 s ahead": (kills * in_time).sum() / kills.sum(),
                "PR-AUC": average_precision_score(self.urgent, score, sample_weight=weight),
                "survivors": -(alive * alerted).sum() / alive.sum()}


def boosted(x, t, level, fold):
    score, alert = np.zeros(len(t)), np.zeros(len(t), bool)
    folds = fold.max() + 1
    for test in range(folds):
        calibration = (test + 1) % folds
        training = (fold != test) & (fold != calibration)
        inputs = with_limit(x, t, training)
        model = HistGradientBoostingClassifier(max_iter=150, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=40,
                                               l2_regularization=1, random_state=0).fit(inputs[training], level[training] > 0)
        threshold = np.quantile(model.predict_proba(inputs[fold == calibration])[:, 1], 1 - BUDGET)
        score[fold == test] = model.predict_proba(inputs[fold == test])[:, 1]
        alert[fold == test] = score[fold == test] > threshold
    return score, alert


def main(traces, devices, scores, draws=1000):
    t = pd.read_csv(traces, dtype={"sdk_version": str})
    d = pd.read_csv(devices, dtype={"sdk_version": str})
    t = t.merge(d[["device_type", "sdk_version", "app_budget_mb"]], how="left")
    t["budget_kb"] = t.app_budget_mb * 1024
    t["reading"] = t.groupby("session_id").cumcount()
    ours = pd.read_csv(scores)
    ours = ours[ours.method == "model"].rename(columns={"level": "our_level"})
    t = t.merge(ours, on=["session_id", "reading"], how="left", validate="one_to_one")
    assert t.score.notna().all(), "evaluate all folds"
    level = t.our_level.to_numpy()
    assert (level == t.label_level).mean() > 0.999, "labels differ"
    judge = Judge(t, level)
    their_score, their_alert = boosted(features(t), t, level, t.fold.to_numpy().astype(int))
    our_score, our_alert = t.score.to_numpy(), t.alert.to_numpy() == 1
    rows = {"gradient boosting": judge.measures(their_score, their_alert), "jobmedic": judge.measures(our_score, our_alert)}
    for name, measures in rows.items():
        print(f"{name:20}" + "".join(f"{what} {abs(value):.3f}   " for what, value in measures.items()))
    random = np.random.RandomState(0)
    wins = {what: 0.0 for what in rows["jobmedic"]}
    for _ in range(int(draws)):
        times = np.bincount(random.randint(0, len(judge.ids), len(judge.ids)), minlength=len(judge.ids))
        we, they = judge.measures(our_score, our_alert, times), judge.measures(their_score, their_alert, times)
        for what in wins:
            wins[what] += (we[what] > they[what]) + 0.5 * (we[what] == they[what])
    print("better in a paired bootstrap over sessions: " + ", ".join(f"{what} {w / int(draws):.0%}" for what, w in wins.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
